// <linux/memfd.h>; one set of values on every architecture.
export const MFD_CLOEXEC = 0x1;
export const MFD_ALLOW_SEALING = 0x2;
export const MFD_HUGETLB = 0x4;
/** Linux 6.3. */
export const MFD_NOEXEC_SEAL = 0x8;
/** Linux 6.3. */
export const MFD_EXEC = 0x10;
/** The binary logarithm of the page size stands from this bit on. */
export const MFD_HUGE_SHIFT = 26;

/** F_SEAL_* of <linux/fcntl.h>. */
export const SEALS = {
  seal: 0x1,
  shrink: 0x2,
  grow: 0x4,
  write: 0x8,
  'future-write': 0x10,
  exec: 0x20,
} as const;

/** Seals that came after sealing itself (3.17). */
export const SEAL_SINCE: Readonly<Record<string, string>> = { 'future-write': 'Linux 5.1', exec: 'Linux 6.3' };

/** MFD_NAME_MAX_LEN of mm/memfd.c: NAME_MAX less `memfd:`. */
export const MAX_NAME_BYTES = 249;
