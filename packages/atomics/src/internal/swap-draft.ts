import type { FilePath } from './file-path.ts';
import type { Protocol } from './protocol.ts';

/** What a swap of either kind does. */
export interface SwapDraft {
  readonly temporary: FilePath | undefined;
  /** Calls `committed` when the new content has its place; errors may follow. */
  commit(committed: () => void): Protocol<void>;
  /** Removes what is left and closes all. Throws nothing after a commit. */
  discard(): Protocol<void>;
}
