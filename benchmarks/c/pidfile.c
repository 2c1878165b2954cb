// pidfile PATH acquire|read|pin ITERATIONS: that often, and prints the nanoseconds that took.
//   acquire  flopen(3), the pid written, unlinked and closed
//   read     the pid in the file
//   pin      the same, its pidfd, and whether one of its descriptors holds the lock; the one process is asked, no other
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
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

static void acquire(const char *path) {
  char line[32];
  struct stat opened, named;
  int fd;
  for (;;) {
    fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
    check(fd >= 0, "open");
    check(flock(fd, LOCK_EX | LOCK_NB) == 0, "flock");
    check(fstat(fd, &opened) == 0, "fstat");
    if (stat(path, &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev) break;
    close(fd);
  }
  check(ftruncate(fd, 0) == 0, "ftruncate");
  int length = snprintf(line, sizeof line, "%d\n", getpid());
  check(pwrite(fd, line, length, 0) == length, "pwrite");
  check(unlink(path) == 0, "unlink");
  close(fd);
}

static pid_t owner(const char *path) {
  char text[64];
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  check(fd >= 0, "open");
  ssize_t length = read(fd, text, sizeof text - 1);
  check(length > 0, "read");
  close(fd);
  text[length] = '\0';
  return (pid_t)strtol(text, NULL, 10);
}

static int holds_a_lock(pid_t pid) {
  char name[64 + sizeof(((struct dirent *)0)->d_name)], text[1024];
  snprintf(name, sizeof name, "/proc/%d/fdinfo", pid);
  DIR *directory = opendir(name);
  check(directory != NULL, name);
  int found = 0;
  for (struct dirent *entry; !found && (entry = readdir(directory)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    snprintf(name, sizeof name, "/proc/%d/fdinfo/%s", pid, entry->d_name);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ssize_t length = read(fd, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
    found = strstr(text, "FLOCK") != NULL;
    close(fd);
  }
  closedir(directory);
  return found;
}

static void pin(const char *path) {
  pid_t pid = owner(path);
  int pidfd = syscall(SYS_pidfd_open, pid, 0);
  check(pidfd >= 0, "pidfd_open");
  errno = ENOLCK;
  check(holds_a_lock(pid), "holder");
  close(pidfd);
}

int main(int argc, char **argv) {
  check(argc == 4, "usage");
  const char *path = argv[1], *what = argv[2];
  long iterations = strtol(argv[3], NULL, 10);
  long long start = now();
  for (long i = 0; i < iterations; i++) {
    if (strcmp(what, "acquire") == 0) acquire(path);
    else if (strcmp(what, "read") == 0) owner(path);
    else pin(path);
  }
  printf("%lld\n", now() - start);
  return 0;
}
