// <sys/inotify.h>, <linux/inotify.h>: one set of values on every architecture Node runs on.

/** File was read (`read`, `execve`). */
export const IN_ACCESS = 0x00000001;
/** File was written or truncated. */
export const IN_MODIFY = 0x00000002;
/** Metadata changed: mode, owner, times, extended attributes, link count. */
export const IN_ATTRIB = 0x00000004;
/** A descriptor that was open for writing was closed. */
export const IN_CLOSE_WRITE = 0x00000008;
/** A descriptor that was not open for writing was closed. */
export const IN_CLOSE_NOWRITE = 0x00000010;
/** File was opened. */
export const IN_OPEN = 0x00000020;
/** An entry was renamed away from the watched directory. */
export const IN_MOVED_FROM = 0x00000040;
/** An entry was renamed into the watched directory. */
export const IN_MOVED_TO = 0x00000080;
/** An entry was created in the watched directory. */
export const IN_CREATE = 0x00000100;
/** An entry was deleted from the watched directory. */
export const IN_DELETE = 0x00000200;
/** The watched object itself was deleted. */
export const IN_DELETE_SELF = 0x00000400;
/** The watched object itself was renamed. */
export const IN_MOVE_SELF = 0x00000800;
/** `IN_CLOSE_WRITE | IN_CLOSE_NOWRITE`: any descriptor was closed. */
export const IN_CLOSE = 0x00000018;
/** `IN_MOVED_FROM | IN_MOVED_TO`. */
export const IN_MOVE = 0x000000c0;
/** Every event that can be asked for. */
export const IN_ALL_EVENTS = 0x00000fff;

/** Sent by the kernel: the file system that held the watched object was unmounted. */
export const IN_UNMOUNT = 0x00002000;
/** Sent by the kernel with watch descriptor -1: its queue was full and events were lost. */
export const IN_Q_OVERFLOW = 0x00004000;
/** Sent by the kernel: the watch is gone (removed, one-shot, object deleted, unmounted). */
export const IN_IGNORED = 0x00008000;

/** Watch flag: fail with ENOTDIR unless the path is a directory. */
export const IN_ONLYDIR = 0x01000000;
/** Watch flag: do not follow a symbolic link. */
export const IN_DONT_FOLLOW = 0x02000000;
/** Watch flag: no events for entries after they were unlinked from the directory. */
export const IN_EXCL_UNLINK = 0x04000000;
/** Watch flag: fail with EEXIST instead of changing a watch that exists (Linux 4.18). */
export const IN_MASK_CREATE = 0x10000000;
/** Watch flag: add to the mask of a watch that exists instead of replacing it. */
export const IN_MASK_ADD = 0x20000000;
/** Event flag: the subject is a directory. */
export const IN_ISDIR = 0x40000000;
/** Watch flag: the watch ends with its first event. */
export const IN_ONESHOT = 0x80000000;
