import { defineStruct } from '@osx/native-ffi';

/** `struct epoll_event` of <sys/epoll.h>, with `epoll_data` as its 64-bit member; packed on x86-64 only. */
export const epollEventStruct = defineStruct('epoll_event', {
  'linux-x64': { size: 12, packed: true, fields: { events: ['u32', 0], data: ['u64', 4] } },
  'linux-arm64': { size: 16, fields: { events: ['u32', 0], data: ['u64', 8] } },
});
