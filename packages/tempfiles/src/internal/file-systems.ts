// <linux/magic.h>, and the file systems' own headers: on a disk or in the memory of one machine.
const LOCAL: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // btrfs
  0xca451a4e, // bcachefs
  0xf2f52010, // F2FS
  0x2fc12fc1, // ZFS
  0x01021994, // tmpfs
  0x858458f6, // ramfs
]);

/** <linux/magic.h>. Its locks are seen by all who came to the file through the same mount, which is one machine's. */
const OVERLAYFS = 0x794c7630;

/** Whether no other machine can have this file system mounted at the same time, by what statfs(2) says of it. */
export function isLocal({ type }: { readonly type: number }): boolean {
  return LOCAL.has(type);
}

/** Whether a lock that is held anywhere on a file there refuses ours, so that a lock that we get is a proof. */
export function showsAllLocks({ type }: { readonly type: number }): boolean {
  return LOCAL.has(type) || type === OVERLAYFS;
}
