// paths ROOT openat2|realpath PATH ITERATIONS: opens and closes that often, and prints the nanoseconds that took.
//   openat2   the root opened, the path beneath it, both closed
//   realpath  realpath(3) of both, compared, then open(2)
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
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

static void beneath(const char *root, const char *path) {
  struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
  int directory = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  check(directory >= 0, "open");
  int fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
  check(fd >= 0, "openat2");
  close(fd);
  close(directory);
}

static void naively(const char *root, const char *path) {
  char joined[PATH_MAX], above[PATH_MAX], real[PATH_MAX];
  check(snprintf(joined, sizeof joined, "%s/%s", root, path) < PATH_MAX, "snprintf");
  check(realpath(root, above) != NULL && realpath(joined, real) != NULL, "realpath");
  size_t length = strlen(above);
  check(strncmp(real, above, length) == 0 && real[length] == '/', "outside");
  int fd = open(joined, O_RDONLY | O_CLOEXEC);
  check(fd >= 0, "open");
  close(fd);
}

int main(int argc, char **argv) {
  check(argc == 5, "usage");
  void (*run)(const char *, const char *) = strcmp(argv[2], "openat2") == 0 ? beneath : naively;
  long iterations = strtol(argv[4], NULL, 10);
  long long start = now();
  for (long i = 0; i < iterations; i++) run(argv[1], argv[3]);
  printf("%lld\n", now() - start);
  return 0;
}
