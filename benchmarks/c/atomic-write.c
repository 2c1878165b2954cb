// atomic-write PATH BYTES none|full ITERATIONS: replaces PATH that often; prints the nanoseconds that took.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

int main(int argc, char **argv) {
  check(argc == 5, "usage");
  const char *path = argv[1];
  size_t size = strtoul(argv[2], NULL, 10);
  int full = strcmp(argv[3], "full") == 0;
  long iterations = strtol(argv[4], NULL, 10);
  char *data = malloc(size), *copy = strdup(path), *directory = dirname(copy);
  char temporary[4096];
  memset(data, 'x', size);
  long long start = now();
  for (long i = 0; i < iterations; i++) {
    snprintf(temporary, sizeof temporary, "%s/.c-%d-%ld", directory, (int)getpid(), i);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    check(fd >= 0, "open");
    for (size_t done = 0; done < size;) {
      ssize_t n = write(fd, data + done, size - done);
      if (n < 0 && errno == EINTR) continue;
      check(n > 0, "write");
      done += (size_t)n;
    }
    check(fchmod(fd, 0644) == 0, "fchmod");
    if (full) check(fsync(fd) == 0, "fsync");
    check(close(fd) == 0, "close");
    check(rename(temporary, path) == 0, "rename");
    if (full) {
      int dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      check(dir >= 0, "open directory");
      check(fsync(dir) == 0, "fsync directory");
      close(dir);
    }
  }
  printf("%lld\n", now() - start);
  return 0;
}
