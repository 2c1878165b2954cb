// <sys/xattr.h>
export const XATTR_FLAGS = { either: 0, create: 1, replace: 2 } as const;
