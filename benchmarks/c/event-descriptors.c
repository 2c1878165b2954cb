// event-descriptors getppid|refused|getfd|eventfd|pidfd|name ITERATIONS: getppid(2); a pidfd_open(2) that is refused at once;
//   F_GETFD; a write to an eventfd and its read; signal 0 through a pidfd; PR_GET_NAME
// event-descriptors ping ITERATIONS: to another process and back, by two eventfds
// All print the nanoseconds that took.
// event-descriptors exit ROUNDS: from SIGKILL to the readiness of the pidfd; a line of nanoseconds each.
// event-descriptors interval PERIOD_US COUNT BUSY_US EVERY: the tick COUNT periods after the start: `late NS ticks NUMBER`, what it
//   was late by and how many wake-ups there were; with a BUSY_US of work at every EVERYth wake-up.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
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

static int fd;

static void call_getppid(void) { check(syscall(SYS_getppid) >= 0, "getppid"); }

static void call_refused(void) { check(syscall(SYS_pidfd_open, -1, 0) == -1, "pidfd_open"); }

static void call_getfd(void) { check(fcntl(fd, F_GETFD) >= 0, "fcntl"); }

static void call_eventfd(void) {
  uint64_t value = 1;
  check(write(fd, &value, 8) == 8, "write");
  check(read(fd, &value, 8) == 8, "read");
}

static void call_pidfd(void) { check(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0) == 0, "pidfd_send_signal"); }

static void call_name(void) {
  char name[16];
  check(prctl(PR_GET_NAME, name) == 0, "prctl");
}

static void pass(int from, int to) {
  uint64_t value;
  check(read(from, &value, 8) == 8, "read");
  value = 1;
  check(write(to, &value, 8) == 8, "write");
}

static void ping(long iterations) {
  int there = eventfd(0, EFD_CLOEXEC), back = eventfd(0, EFD_CLOEXEC);
  pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pass(there, back);
  }
  uint64_t one = 1;
  check(write(there, &one, 8) == 8, "write");
  pass(back, there);
  long long start = now();
  for (long i = 0; i < iterations; i++) pass(back, there);
  printf("%lld\n", now() - start);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

static void exits(long rounds) {
  for (long i = 0; i < rounds; i++) {
    pid_t child = fork();
    check(child >= 0, "fork");
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) pause();
    }
    struct pollfd ready = {.fd = syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
    check(ready.fd >= 0, "pidfd_open");
    usleep(2000);
    long long start = now();
    kill(child, SIGKILL);
    check(poll(&ready, 1, -1) == 1, "poll");
    printf("%lld\n", now() - start);
    close(ready.fd);
    waitpid(child, NULL, 0);
  }
}

static void interval(long period_us, long count, long busy_us, long every) {
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  struct itimerspec setting;
  setting.it_interval.tv_sec = period_us / 1000000;
  setting.it_interval.tv_nsec = period_us % 1000000 * 1000;
  setting.it_value = setting.it_interval;
  long long start = now();
  check(timerfd_settime(timer, 0, &setting, NULL) == 0, "timerfd_settime");
  long total = 0, ticks = 0;
  while (total < count) {
    uint64_t expirations;
    check(read(timer, &expirations, 8) == 8, "read");
    total += expirations;
    ticks += 1;
    if (total >= count || busy_us == 0 || ticks % every != 0) continue;
    for (long long end = now() + busy_us * 1000; now() < end;) continue;
  }
  printf("late %lld ticks %ld\n", now() - start - total * period_us * 1000LL, ticks);
}

int main(int argc, char **argv) {
  check(argc >= 3, "usage");
  long count = atol(argv[argc - 1]);
  if (strcmp(argv[1], "ping") == 0) return ping(count), 0;
  if (strcmp(argv[1], "exit") == 0) return exits(count), 0;
  if (strcmp(argv[1], "interval") == 0) {
    check(argc == 6, "usage");
    return interval(atol(argv[2]), atol(argv[3]), atol(argv[4]), atol(argv[5])), 0;
  }
  void (*call)(void) = NULL;
  if (strcmp(argv[1], "getppid") == 0) call = call_getppid;
  if (strcmp(argv[1], "refused") == 0) call = call_refused;
  if (strcmp(argv[1], "name") == 0) call = call_name;
  if (strcmp(argv[1], "getfd") == 0) call = call_getfd;
  if (strcmp(argv[1], "eventfd") == 0) {
    fd = eventfd(0, EFD_CLOEXEC);
    call = call_eventfd;
  }
  if (strcmp(argv[1], "pidfd") == 0) {
    fd = syscall(SYS_pidfd_open, getpid(), 0);
    call = call_pidfd;
  }
  check(call != NULL && fd >= 0, "usage");
  long long start = now();
  for (long i = 0; i < count; i++) call();
  printf("%lld\n", now() - start);
  return 0;
}
