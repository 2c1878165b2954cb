/** What a walk does to directories that it holds open. Names are byte strings of one component; failures are SystemErrors. */
export interface DirectoryCalls {
  isAvailable(): boolean;
  /** The flags that open a directory, or anything, only to pass through it: no right but search is needed for O_PATH. */
  readonly passFlags: number;
  /** openat(2), close-on-exec. */
  openAt(directory: number, name: string, flags: number, mode?: number): number;
  /** readlinkat(2): the target as a byte string. */
  readLinkAt(directory: number, name: string): string;
  /** Tells one mount from another. */
  mountOf(fd: number): string;
  /** Whether the directory's links may be magic ones: whether it is in a procfs. */
  isProcfs(directory: number): boolean;
  /** Whether {@link pathOf} works. */
  readonly tellsPaths: boolean;
  /** The path of what is open, as a byte string. */
  pathOf(fd: number): string;
  /** Hands a descriptor over to Node: it is closed by `fs.closeSync` from now on. */
  give(fd: number): number;
  close(fd: number): void;
}
