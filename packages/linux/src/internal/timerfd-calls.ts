import {
  defineCall,
  defineStruct,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  zeroOrError,
} from '@osx/native-ffi';

/** `timerfd_create(clock, flags)`: a descriptor, or the negative errno. */
export const timerfdCreate = defineCall({
  name: 'timerfd_create',
  returns: 'int',
  parameters: ['int', 'int'],
  decode: nonNegativeOrError,
});

/** `timerfd_settime(fd, flags, new, old)`: 0, or the negative errno. */
export const timerfdSettime = defineCall({
  name: 'timerfd_settime',
  returns: 'int',
  parameters: ['int', 'int', 'pointer', 'pointer'],
  decode: zeroOrError,
});

/** `timerfd_gettime(fd, current)`: 0, or the negative errno. */
export const timerfdGettime = defineCall({
  name: 'timerfd_gettime',
  returns: 'int',
  parameters: ['int', 'pointer'],
  decode: zeroOrError,
});

/** `clock_gettime(clock, time)`: 0, or the negative errno. */
export const clockGettime = defineCall({
  name: 'clock_gettime',
  returns: 'int',
  parameters: ['int', 'pointer'],
  decode: zeroOrError,
});

/** `read(fd, buffer, size)`: bytes read, or the negative errno. */
export const timerfdRead = defineCall({
  name: 'read',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

const ITIMERSPEC = {
  size: 32,
  fields: {
    'it_interval.tv_sec': ['i64', 0],
    'it_interval.tv_nsec': ['i64', 8],
    'it_value.tv_sec': ['i64', 16],
    'it_value.tv_nsec': ['i64', 24],
  },
} as const;

/** `struct itimerspec` of <time.h>. */
export const itimerspecStruct = defineStruct('itimerspec', { 'linux-x64': ITIMERSPEC, 'linux-arm64': ITIMERSPEC });

const TIMESPEC = { size: 16, fields: { tv_sec: ['i64', 0], tv_nsec: ['i64', 8] } } as const;

/** `struct timespec` of <time.h>. */
export const timespecStruct = defineStruct('timespec', { 'linux-x64': TIMESPEC, 'linux-arm64': TIMESPEC });
