/** How a temporary file gets its name. */
export interface LinkOptions {
  /** Replace what has the name, in one step. Default `false`: EEXIST. */
  readonly replace?: boolean | undefined;
  /**
   * What survives a power cut. `none`: nothing is promised; the file may be empty. `file`: if the name is there, so is the content.
   * `full` (default): both.
   */
  readonly durability?: 'none' | 'file' | 'full' | undefined;
}
