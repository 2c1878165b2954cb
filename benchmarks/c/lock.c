// lock PATH path|pair ITERATIONS: an OFD write lock taken and released that often; prints the nanoseconds that took.
// lock PATH peer: reads `lock` and `release` from stdin, prints `ready`, `waiting`, `locked NS` and `released NS`.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void check(int ok, const char *what) {
  if (ok) return;
  perror(what);
  exit(1);
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int opened(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  check(fd >= 0, "open");
  return fd;
}

static void set(int fd, int command, short type) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
  check(fcntl(fd, command, &lock) == 0, "fcntl");
}

static int peer(const char *path) {
  char line[64];
  int fd = -1;
  puts("ready");
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strncmp(line, "lock", 4) == 0) {
      puts("waiting");
      fd = opened(path);
      set(fd, F_OFD_SETLKW, F_WRLCK);
      printf("locked %lld\n", now());
    } else {
      long long before = now();
      close(fd);
      printf("released %lld\n", before);
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  check(argc >= 3, "usage");
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (strcmp(argv[2], "peer") == 0) return peer(argv[1]);
  int pair = strcmp(argv[2], "pair") == 0;
  long iterations = strtol(argv[3], NULL, 10);
  int fd = pair ? opened(argv[1]) : -1;
  long long start = now();
  for (long i = 0; i < iterations; i++) {
    if (!pair) fd = opened(argv[1]);
    set(fd, F_OFD_SETLK, F_WRLCK);
    if (pair) set(fd, F_OFD_SETLK, F_UNLCK);
    else close(fd);
  }
  printf("%lld\n", now() - start);
  return 0;
}
