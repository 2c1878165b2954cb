import fs from 'node:fs';

import { SystemError } from '@osx/errors';

import { beginDraft, discard } from './draft.ts';
import type { FilePath } from './file-path.ts';
import { applyMetadata } from './metadata.ts';
import { make, type Protocol } from './protocol.ts';
import type { SwapDraft } from './swap-draft.ts';
import { planDraft, publish, sealDraft } from './write-protocol.ts';
import type { WriteRequest } from './write-request.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** A temporary file that the caller fills: as for a write, but it is closed meanwhile. */
export function* beginFile(request: WriteRequest): Protocol<SwapDraft> {
  const draft = yield* beginDraft(request);
  const temporary = draft.temporary as FilePath;
  try {
    const { fd } = draft;
    draft.fd = -1;
    yield* make('close', fd);
  } catch (error) {
    yield* discard(draft);
    throw error;
  }
  return {
    temporary,
    *commit(committed) {
      // The caller may have renamed another file to the temporary's name, as editors do.
      draft.fd = yield* make('open', temporary, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      if (!fs.fstatSync(draft.fd).isFile()) {
        throw new SystemError({ code: 'EINVAL', syscall: 'open', path: temporary, message: 'not a regular file' });
      }
      yield* applyMetadata(draft.fd, planDraft(draft));
      yield* sealDraft(draft);
      try {
        yield* publish(draft);
      } finally {
        if (draft.temporary === undefined) committed();
      }
    },
    discard: () => discard(draft),
  };
}
