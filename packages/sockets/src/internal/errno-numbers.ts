// <asm-generic/errno-base.h>, <asm-generic/errno.h>
export const EAGAIN = 11;
export const EPERM = 1;
export const ENOPROTOOPT = 92;
export const ENOTCONN = 107;
