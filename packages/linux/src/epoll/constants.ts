// <sys/epoll.h>: one set of values on every architecture Node runs on.

/** There is something to read, or the peer has stopped writing. */
export const EPOLLIN = 0x00000001;
/** An exceptional condition: out-of-band data, a changed cgroup file, a packet of a terminal. */
export const EPOLLPRI = 0x00000002;
/** There is room to write. */
export const EPOLLOUT = 0x00000004;
/** An error, or a pipe without readers. Always reported. */
export const EPOLLERR = 0x00000008;
/** A hang-up. Always reported. */
export const EPOLLHUP = 0x00000010;
/** As `EPOLLIN` for ordinary data. */
export const EPOLLRDNORM = 0x00000040;
/** Priority data can be read. */
export const EPOLLRDBAND = 0x00000080;
/** As `EPOLLOUT` for ordinary data. */
export const EPOLLWRNORM = 0x00000100;
/** Priority data can be written. */
export const EPOLLWRBAND = 0x00000200;
/** Not used by Linux. */
export const EPOLLMSG = 0x00000400;
/** The peer of a stream socket has closed, or has shut down its writing half. */
export const EPOLLRDHUP = 0x00002000;

/** Flag: of several epolls that watch one descriptor, wake at least one instead of all. Only with `add`. */
export const EPOLLEXCLUSIVE = 0x10000000;
/** Flag: keep the machine from suspending while an event is not taken. Ignored without CAP_BLOCK_SUSPEND. */
export const EPOLLWAKEUP = 0x20000000;
/** Flag: report once, then nothing until `modify`. */
export const EPOLLONESHOT = 0x40000000;
/** Flag: report changes (edges) instead of states (levels). */
export const EPOLLET = 0x80000000;
