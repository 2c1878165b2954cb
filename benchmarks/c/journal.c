// What a C program pays for an entry: sd_journal_sendv of the libsystemd that is there, COUNT times. Prints the nanoseconds of
// wall clock and of processor time. The library is opened at the run, so that no headers are needed.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <time.h>

static long long wall(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long processor(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  void *library = dlopen("libsystemd.so.0", RTLD_NOW);
  if (library == NULL) return 3;
  int (*sendv)(const struct iovec *, int);
  *(void **)&sendv = dlsym(library, "sd_journal_sendv");
  if (sendv == NULL) return 3;
  const char *fixed[] = {"PRIORITY=6", "SYSLOG_IDENTIFIER=bench", "REQUEST=4711", "PATH_TAKEN=/var/lib/shop/orders"};
  long count = atol(argv[1]);
  long long wall_start = wall(), processor_start = processor();
  for (long n = 0; n < count; n++) {
    char message[64];
    snprintf(message, sizeof message, "MESSAGE=order %ld taken", n);
    struct iovec fields[5] = {{message, strlen(message)}};
    for (int i = 0; i < 4; i++) fields[i + 1] = (struct iovec){(void *)fixed[i], strlen(fixed[i])};
    int result = sendv(fields, 5);
    if (result < 0) {
      fprintf(stderr, "sd_journal_sendv: %s\n", strerror(-result));
      return 1;
    }
  }
  printf("%lld %lld\n", wall() - wall_start, processor() - processor_start);
  return 0;
}
