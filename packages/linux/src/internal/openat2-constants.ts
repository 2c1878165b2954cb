// <linux/openat2.h>
export const RESOLVE = {
  'no-xdev': 0x01,
  'no-magiclinks': 0x02,
  'no-symlinks': 0x04,
  beneath: 0x08,
  'in-root': 0x10,
  cached: 0x20,
} as const;
