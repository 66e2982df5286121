// mediaload - one sender of voice and picture and N who watch, on one epoll thread; prints one JSON line.
// gcc -O2 -o mediaload mediaload.c -lm   (with -DTLS and -lssl -lcrypto also over TLS: --tls)
// Objects are those of docs/build/media.md; the first 8 bytes of a payload are when it was sent, ns.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/ssl.h>
static SSL_CTX *context;
#endif
typedef uint64_t u64; typedef uint8_t u8;
static int n=200, port=9001, fps=25, kbit=1200, sound_ms=60, sound_kbit=32, use_tls; static double seconds=10; static long pid;
static const char *path="/media/bench?ticket=%d";
static u64 now_ns(void){ struct timespec t; clock_gettime(CLOCK_REALTIME,&t); return (u64)t.tv_sec*1000000000ull+t.tv_nsec; }
typedef struct { int fd, up; u8 head[64]; int got; u64 left; u64 seen[2]; u8 *tls; } viewer;
static viewer *all; static u64 objects, bytes, sent[2], stamp_from;
#define BUCKETS 4000
static u64 late[BUCKETS], most;
static double cpu(long p){ char f[64], b[1024]; snprintf(f,64,"/proc/%ld/stat",p); FILE*h=fopen(f,"r"); if(!h) return 0;
  size_t r=fread(b,1,1023,h); fclose(h); b[r]=0; char*q=strrchr(b,')')+2; unsigned long u=0,s=0;
  sscanf(q,"%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",&u,&s); return (double)(u+s)/sysconf(_SC_CLK_TCK); }
static double rss(long p){ char f[64], b[256]; double kb=0; snprintf(f,64,"/proc/%ld/status",p); FILE*h=fopen(f,"r"); if(!h) return 0;
  while(fgets(b,256,h)) if(!strncmp(b,"VmRSS:",6)) kb=atof(b+6); fclose(h); return kb; }
static ssize_t get(viewer*v, u8*b, size_t m){
#ifdef TLS
  if(v->tls){ int r=SSL_read((SSL*)v->tls,b,m); if(r>0) return r;
    int e=SSL_get_error((SSL*)v->tls,r); if(e==SSL_ERROR_WANT_READ){ errno=EAGAIN; return -1; } return 0; }
#endif
  return recv(v->fd,b,m,0); }
static void put(viewer*v, const void*b, size_t m){ const u8*p=b;
  while(m){ ssize_t r;
#ifdef TLS
    if(v->tls) r=SSL_write((SSL*)v->tls,p,m); else
#endif
    r=send(v->fd,p,m,MSG_NOSIGNAL);
    if(r<=0){ if(r<0&&errno!=EAGAIN&&!v->tls){ perror("send"); exit(2); } struct timespec w={0,200000}; nanosleep(&w,0); continue; } p+=r; m-=r; } }
static void say(viewer*v, int op, const u8*d, size_t m){ static u8 f[1<<20]; size_t q=0; f[q++]=0x80|op;
  if(m<126) f[q++]=0x80|m; else if(m<65536){ f[q++]=0x80|126; f[q++]=m>>8; f[q++]=m; } else { f[q++]=0xff; for(int s=56;s>=0;s-=8) f[q++]=(u64)m>>s; }
  memset(f+q,0,4); q+=4; memcpy(f+q,d,m); put(v,f,q+m); } // a mask of zeros costs the server what any other does
static void enter(viewer*v, int id){ struct sockaddr_in a={.sin_family=AF_INET,.sin_port=htons(port)}; int one=1; a.sin_addr.s_addr=htonl(0x7f000001);
  v->fd=socket(AF_INET,SOCK_STREAM,0); setsockopt(v->fd,IPPROTO_TCP,TCP_NODELAY,&one,sizeof one);
  if(connect(v->fd,(void*)&a,sizeof a)){ perror("connect"); exit(2); }
#ifdef TLS
  if(use_tls){ SSL*s=SSL_new(context); SSL_set_fd(s,v->fd); if(SSL_connect(s)!=1){ fprintf(stderr,"no TLS\n"); exit(2); } v->tls=(u8*)s; }
#endif
  char r[512], w[256]; snprintf(w,256,path,id);
  int m=snprintf(r,512,"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",w,port);
  put(v,r,m); u8 b; int k=0; while(k<4){ ssize_t g=get(v,&b,1); if(g<=0){ fprintf(stderr,"refused\n"); exit(2); } k=b==(k&1?'\n':'\r')?k+1:b=='\r'; }
  fcntl(v->fd,F_SETFL,O_NONBLOCK); v->up=1; }
static void whole(viewer*v){ u64 t=0; int h=(v->head[1]&127)<126?2:(v->head[1]&127)==126?4:10; if((v->head[0]&15)!=2) return;
  u8*o=v->head+h; int kind=o[0]; for(int i=0;i<8;i++) t=t<<8|o[16+i];
  if(kind<2||t<stamp_from) return;
  u64 ms=(now_ns()-t)/1000000; objects++; v->seen[kind==3]++; if(ms>most) most=ms; late[ms<BUCKETS?ms:BUCKETS-1]++; }
static void eat(viewer*v, u8*b, size_t m){ bytes+=m;
  while(m){ if(v->left){ u64 k=v->left<m?v->left:m; v->left-=k; b+=k; m-=k; if(!v->left){ whole(v); v->got=0; } continue; }
    int h=v->got<2?2:(v->head[1]&127)<126?2:(v->head[1]&127)==126?4:10;
    if(v->got<h){ v->head[v->got++]=*b++; m--; h=v->got<2?2:(v->head[1]&127)<126?2:(v->head[1]&127)==126?4:10; if(v->got<h) continue; }
    u64 len=v->head[1]&127; if(h==4) len=v->head[2]<<8|v->head[3]; else if(h==10){ len=0; for(int i=2;i<10;i++) len=len<<8|v->head[i]; }
    int want=len<24?(int)len:24; while(v->got<h+want&&m){ v->head[v->got++]=*b++; m--; }
    if(v->got==h+want){ v->left=len-want; if(!v->left){ whole(v); v->got=0; } } } }
static double q(double share){ u64 c=0; for(int i=0;i<BUCKETS;i++){ c+=late[i]; if(c>=share*objects) return i; } return BUCKETS; }
int main(int c, char**v){ signal(SIGPIPE,SIG_IGN);
  for(int i=1;i<c;i++){ const char*k=v[i]; 
    if(!strcmp(k,"--tls")) { use_tls=1; continue; } const char*x=v[++i];
    if(!strcmp(k,"--n")) n=atoi(x); else if(!strcmp(k,"--port")) port=atoi(x); else if(!strcmp(k,"--pid")) pid=atol(x);
    else if(!strcmp(k,"--seconds")) seconds=atof(x); else if(!strcmp(k,"--kbit")) kbit=atoi(x); else if(!strcmp(k,"--fps")) fps=atoi(x);
    else if(!strcmp(k,"--sound-ms")) sound_ms=atoi(x); else if(!strcmp(k,"--path")) path=x; }
#ifdef TLS
  context=SSL_CTX_new(TLS_client_method());
#else
  if(use_tls){ fprintf(stderr,"built without TLS\n"); return 3; }
#endif
  all=calloc(n+1,sizeof *all); int ep=epoll_create1(0); static u8 b[1<<18]; double rss0=rss(pid);
  for(int i=0;i<=n;i++){ enter(all+i,i); struct epoll_event e={.events=EPOLLIN,.data.ptr=all+i}; epoll_ctl(ep,EPOLL_CTL_ADD,all[i].fd,&e);
    if(i){ const char*s="{\"t\":\"see\",\"tracks\":{\"1\":2,\"2\":0}}"; say(all+i,1,(const u8*)s,strlen(s)); } }
  int group=2*fps, key=(kbit*1000/8*2)/6, rest=((kbit*1000/8*2)-key)/(group-1), voice=sound_kbit*sound_ms/8; // a key is a sixth of its group
  static u8 o[1<<20]; u64 begin=now_ns()+1000000000ull, pictures=0, sounds=0, measured=0, end=0; double cpu0=0, cpu1=0; stamp_from=begin+500000000ull;
  u64 close_=stamp_from+(u64)(seconds*1e9);
  for(;;){ u64 t=now_ns(); if(!measured&&t>=stamp_from){ measured=1; cpu0=cpu(pid); }
    if(!end&&t>=close_){ cpu1=cpu(pid); end=t; } if(end&&t>end+1500000000ull) break;
    u64 np=begin+pictures*1000000000ull/fps, ns=begin+sounds*1000000ull*sound_ms; int picture=np<=ns; u64 next=end?t+50000000:picture?np:ns;
    if(!end&&t>=next){ int size=picture?(pictures%group?rest:key):voice; memset(o,0,16); o[0]=picture?2:3; o[1]=picture?!(pictures%group):1; o[3]=picture?1:2;
      u64 seq=picture?pictures:sounds; for(int i=0;i<4;i++) o[4+i]=seq>>(24-8*i); for(int i=0;i<6;i++) o[8+i]=(t/1000000)>>(40-8*i);
      o[14]=30; o[15]=picture?0:sound_ms; for(int i=0;i<8;i++) o[16+i]=t>>(56-8*i);
      if(t>=stamp_from) sent[!picture]++; say(all,2,o,16+size); if(picture) pictures++; else sounds++; continue; }
    struct epoll_event ev[256]; int wait=(int)((next-t)/1000000); int k=epoll_wait(ep,ev,256,wait>20?20:wait);
    for(int i=0;i<k;i++){ viewer*w=ev[i].data.ptr; ssize_t r; int rounds=use_tls?64:1;
      while(rounds--&&(r=get(w,b,sizeof b))>0) eat(w,b,r);
      if(r==0){ epoll_ctl(ep,EPOLL_CTL_DEL,w->fd,0); w->up=0; } } }
  u64 lost[2]={0,0}; int closed=0; for(int i=1;i<=n;i++){ for(int k=0;k<2;k++) lost[k]+=sent[k]>all[i].seen[k]?sent[k]-all[i].seen[k]:0; closed+=!all[i].up; }
  double wall=(end-stamp_from)/1e9, spent=cpu1-cpu0;
  printf("{\"viewers\":%d,\"seconds\":%.2f,\"cpu_s\":%.3f,\"core_share\":%.3f,\"cpu_s_per_viewer_min\":%.6f,\"objects\":%llu,\"mbit\":%.1f,\"lost_pictures\":%llu,\"lost_sounds\":%llu,\"closed\":%d,\"p50_ms\":%.0f,\"p99_ms\":%.0f,\"max_ms\":%llu,\"kb_per_viewer\":%.1f}\n",
    n,wall,spent,spent/wall,spent/wall*60/n,(unsigned long long)objects,bytes*8/1e6,(unsigned long long)lost[0],(unsigned long long)lost[1],closed,q(.5),q(.99),(unsigned long long)most,(rss(pid)-rss0)/n);
  return 0; }
