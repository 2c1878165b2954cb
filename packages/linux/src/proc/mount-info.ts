import type { DeviceNumber } from './device-number.ts';

/** Where mounts and unmounts travel to and come from (mount_namespaces(7)). */
export interface MountPropagation {
  /** Peer group of a shared mount. */
  readonly shared: number | undefined;
  /** Peer group that a slave receives from. */
  readonly master: number | undefined;
  /** The closest peer group that is visible under the process's root and that a slave receives from. */
  readonly propagateFrom: number | undefined;
  readonly isUnbindable: boolean;
}

/** A line of mountinfo. */
export interface MountInfo<Text extends string | Buffer = string> {
  /** May be given away again after an unmount. */
  readonly id: number;
  /** The mount that it is mounted on; its own id, or one that is not listed, at the top. */
  readonly parentId: number;
  /** `st_dev` of its files (of most file systems). */
  readonly device: DeviceNumber;
  /** The directory of the file system that is mounted here: other than `/` for a bind mount. */
  readonly root: Text;
  /** Relative to the root of the process. */
  readonly mountPoint: Text;
  /** Of this mount: `rw`, `nosuid`, ... */
  readonly options: readonly string[];
  readonly propagation: MountPropagation;
  /** The optional fields as they stand there, for those that are not known yet. */
  readonly optionalFields: readonly string[];
  /** With its subtype, as `fuse.sshfs`. */
  readonly fsType: string;
  /** Device or other source; `none`, or empty. */
  readonly source: Text;
  /** Of the file system, the same for all its mounts. */
  readonly superOptions: readonly string[];
}
