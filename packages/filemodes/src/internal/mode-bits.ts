// <sys/stat.h>: the same numbers on every system.
export const S_IFMT = 0o170000;
export const S_IFDIR = 0o040000;
export const S_IFLNK = 0o120000;
export const S_ISUID = 0o4000;
export const S_ISGID = 0o2000;
export const S_ISVTX = 0o1000;
/** Read, write, execute for all, and the three above. */
export const PERMISSION_BITS = 0o7777;
export const SET_ID = S_ISUID | S_ISGID;
export const EXECUTE = 0o111;
