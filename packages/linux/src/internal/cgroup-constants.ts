// <linux/magic.h>
export const CGROUP2_SUPER_MAGIC = 0x63677270;
