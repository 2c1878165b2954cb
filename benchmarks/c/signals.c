// signals kill|sigqueue PID SIGNAL ITERATIONS: sends that often
// signals getmask|mask|pending|self ITERATIONS: the mask read; SIGUSR1 blocked and the mask put back; sigpending; a signal
//   to oneself that a handler counts
// All print the nanoseconds that took.
// signals flood PID SIGNAL ITERATIONS: sends that often, and prints when it was about to send the last one.
// signals receiver: says `ready`, waits for SIGUSR2 again and again, and says `handled NS` each time.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
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

static volatile sig_atomic_t handled;

static void count(int signal) {
  (void)signal;
  handled += 1;
}

static void mask(void) {
  sigset_t set, former;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  check(pthread_sigmask(SIG_BLOCK, &set, &former) == 0, "pthread_sigmask");
  check(pthread_sigmask(SIG_SETMASK, &former, NULL) == 0, "pthread_sigmask");
}

static void get_mask(void) {
  sigset_t set;
  check(pthread_sigmask(SIG_BLOCK, NULL, &set) == 0, "pthread_sigmask");
}

static int receiver(void) {
  sigset_t set;
  int number;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  check(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
  puts("ready");
  while (sigwait(&set, &number) == 0) printf("handled %lld\n", now());
  return 1;
}

int main(int argc, char **argv) {
  check(argc >= 2, "usage");
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *what = argv[1];
  if (strcmp(what, "receiver") == 0) return receiver();
  long iterations = strtol(argv[argc - 1], NULL, 10);
  pid_t pid = argc > 4 ? (pid_t)strtol(argv[2], NULL, 10) : getpid();
  int number = argc > 4 ? (int)strtol(argv[3], NULL, 10) : SIGUSR2;
  struct sigaction action = {.sa_handler = count};
  check(sigaction(SIGUSR2, &action, NULL) == 0, "sigaction");
  sigset_t pending;
  long long start = now(), last = start;
  int flood = strcmp(what, "flood") == 0;
  for (long i = 0; i < iterations; i++) {
    if (flood && i == iterations - 1) last = now();
    if (strcmp(what, "mask") == 0) mask();
    else if (strcmp(what, "getmask") == 0) get_mask();
    else if (strcmp(what, "pending") == 0) check(sigpending(&pending) == 0, "sigpending");
    else if (strcmp(what, "sigqueue") == 0) check(sigqueue(pid, number, (union sigval){.sival_int = 7}) == 0, "sigqueue");
    else check(kill(pid, number) == 0, "kill");
  }
  printf("%lld\n", flood ? last : now() - start);
  return 0;
}
