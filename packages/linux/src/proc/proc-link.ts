/** Where a link of /proc/PID leads. */
export interface ProcLink<Text extends string | Buffer = string> {
  /** A path, without the mark of a deleted file; or what has no path, such as `pipe:[4711]` or `anon_inode:[eventpoll]`. */
  readonly target: Text;
  /**
   * Whether the file was removed, or replaced, under that name. A file whose own name ends in ` (deleted)` is told apart by
   * its inode.
   */
  readonly isDeleted: boolean;
}
