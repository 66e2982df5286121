// Makes every fsync and fdatasync of a process take SLOWDISK_MS longer: what a school's SD card is like. LD_PRELOAD it.
// gcc -O2 -shared -fPIC -o slowdisk.so slowdisk.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_a_while(void) {
  const char *ms = getenv("SLOWDISK_MS");
  usleep((ms ? atoi(ms) : 20) * 1000);
}

int fsync(int fd) {
  wait_a_while();
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd) {
  wait_a_while();
  return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
