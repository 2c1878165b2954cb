/** Options of a change of names. */
export interface RenameOptions {
  /** `full` (default): the new names survive a power cut. `none`: they are only atomic. */
  durability?: 'none' | 'full' | undefined;
}
