// mediafloor - the physical floor of a relay of voice and picture: epoll, and send() of one frame to every other socket.
// gcc -O2 -o mediafloor mediafloor.c. Handshake, binary frames of one sender, nothing else: no rights, no keys, no slow lines.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#define MOST 65536
static int fds[MOST], place[MOST], n; static char open_[MOST];
static uint8_t *held[MOST]; static size_t have[MOST];
static void gone(int f){ int p=place[f]; fds[p]=fds[--n]; place[fds[p]]=p; have[f]=0; open_[f]=0; close(f); }
int main(int c, char**v){
  int port=c>1?atoi(v[1]):9001, one=1, lowat=16384, buffer=262144; signal(SIGPIPE,SIG_IGN);
  int l=socket(AF_INET,SOCK_STREAM|SOCK_NONBLOCK,0); setsockopt(l,SOL_SOCKET,SO_REUSEADDR,&one,sizeof one);
  struct sockaddr_in a={.sin_family=AF_INET,.sin_port=htons(port)};
  if(bind(l,(void*)&a,sizeof a)||listen(l,4096)){ perror("bind"); return 1; }
  int ep=epoll_create1(0); struct epoll_event e={.events=EPOLLIN,.data.fd=l}, ev[512]; epoll_ctl(ep,EPOLL_CTL_ADD,l,&e);
  static uint8_t out[1<<21];
  for(;;){ int k=epoll_wait(ep,ev,512,-1);
    for(int i=0;i<k;i++){ int f=ev[i].data.fd;
      if(f==l){ int s; while((s=accept4(l,0,0,SOCK_NONBLOCK))>=0){
          setsockopt(s,IPPROTO_TCP,TCP_NODELAY,&one,sizeof one); setsockopt(s,SOL_SOCKET,SO_SNDBUF,&buffer,sizeof buffer);
          setsockopt(s,IPPROTO_TCP,TCP_NOTSENT_LOWAT,&lowat,sizeof lowat);
          struct epoll_event x={.events=EPOLLIN,.data.fd=s}; epoll_ctl(ep,EPOLL_CTL_ADD,s,&x); place[s]=n; fds[n++]=s; } continue; }
      if(!held[f]) held[f]=malloc(1<<21);
      ssize_t r=recv(f,held[f]+have[f],(1<<21)-have[f],0);
      if(r<=0){ if(r<0&&errno==EAGAIN) continue; gone(f); continue; }
      have[f]+=r;
      if(!open_[f]){ if(!memmem(held[f],have[f],"\r\n\r\n",4)) continue; open_[f]=1; have[f]=0;
        const char*w="HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        send(f,w,strlen(w),MSG_NOSIGNAL); continue; }
      size_t p=0; uint8_t*b=held[f];
      while(have[f]-p>=2){ size_t len=b[p+1]&127, h=2; if(len==126) h=4; else if(len==127) h=10;
        if(have[f]-p<h+4) break;
        if(h==4) len=b[p+2]<<8|b[p+3]; else if(h==10){ len=0; for(int j=2;j<10;j++) len=len<<8|b[p+j]; }
        if(have[f]-p<h+4+len) break;
        uint8_t*m=b+p+h, *d=m+4; int op=b[p]&15;
        if(op==8){ p=have[f]; gone(f); break; }
        if(op==2){ uint64_t mask; memcpy(&mask,m,4); mask|=mask<<32; size_t j=0;
          for(;j+8<=len;j+=8){ uint64_t w; memcpy(&w,d+j,8); w^=mask; memcpy(d+j,&w,8); }
          for(;j<len;j++) d[j]^=m[j&3];
          size_t q=0; out[q++]=0x82; if(len<126) out[q++]=len; else if(len<65536){ out[q++]=126; out[q++]=len>>8; out[q++]=len; }
          else { out[q++]=127; for(int s=56;s>=0;s-=8) out[q++]=len>>s; }
          memcpy(out+q,d,len); q+=len;
          for(int j2=0;j2<n;j2++) if(fds[j2]!=f&&open_[fds[j2]]) send(fds[j2],out,q,MSG_NOSIGNAL); }
        p+=h+4+len; }
      if(have[f]>=p&&p){ memmove(b,b+p,have[f]-p); have[f]-=p; } } } }
