import { SystemError, throwIfAborted } from '@osx/errors';

import { beginDraft, discard, targetOf, type Draft } from './draft.ts';
import { explain } from './explain.ts';
import { applyMetadata, isOnlyMode, planMetadata, type MetadataPlan } from './metadata.ts';
import { make, together, type Protocol } from './protocol.ts';
import { renameWithoutReplacing } from './rename-protocol.ts';
import type { WriteRequest } from './write-request.ts';

/** An abort is seen between chunks; one chunk is what most writes are. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/** The whole write. Throws a SystemError of the target's path, and then the target is what it was before. */
export function* writeFile(request: WriteRequest, data: Uint8Array): Protocol<void> {
  try {
    const draft = yield* beginDraft(request);
    try {
      const plan = planDraft(draft);
      if (data.length <= CHUNK_BYTES && isOnlyMode(plan)) yield* writeWithMode(draft, data, plan);
      else {
        yield* writeAll(draft, data);
        yield* applyMetadata(draft.fd, plan);
      }
      yield* sealDraft(draft);
      yield* publish(draft);
    } catch (error) {
      yield* discard(draft);
      throw error;
    }
  } catch (error) {
    throw explain(error, request.asked);
  }
}

export function planDraft(draft: Draft): MetadataPlan {
  throwIfAborted(draft.request.signal);
  return planMetadata(draft.request, draft.existing, draft.fd, draft.place.prefix, targetOf(draft));
}

/** Content and mode at once: both are about the same new file that nobody has opened yet. */
function* writeWithMode(draft: Draft, data: Uint8Array, { mode }: MetadataPlan): Protocol<void> {
  const [written, changed] = yield* together([
    ['write', draft.fd, data, 0, data.length, null],
    ['fchmod', draft.fd, mode],
  ]);
  if (written.error !== undefined) throw written.error;
  if (changed.error !== undefined) throw changed.error;
  if (written.value < data.length) yield* writeAll(draft, data, written.value);
}

/** Writes all of it: the kernel may take a part only, and says why at the next call. */
export function* writeAll(draft: Draft, data: Uint8Array, from = 0): Protocol<void> {
  for (let at = from; at < data.length;) {
    throwIfAborted(draft.request.signal);
    const written = yield* make('write', draft.fd, data, at, Math.min(data.length - at, CHUNK_BYTES), null);
    if (written === 0) throw new SystemError({ code: 'EIO', syscall: 'write', message: 'nothing was written' });
    at += written;
  }
}

/** Syncs and closes: either may bring the error of an earlier write, which must come before the rename. */
export function* sealDraft(draft: Draft): Protocol<void> {
  throwIfAborted(draft.request.signal);
  // An fsync that failed is never tried again: the kernel has marked the pages clean, a second one would lie.
  if (draft.request.durability !== 'none') yield* make('fsync', draft.fd);
  const { fd } = draft;
  draft.fd = -1;
  yield* make('close', fd);
}

/** Gives the temporary its name, which is the commit, and makes that last. */
export function* publish(draft: Draft): Protocol<void> {
  const { request, temporary } = draft;
  throwIfAborted(request.signal);
  if (temporary === undefined) throw new TypeError('the draft is gone');
  if (request.exclusive) yield* renameWithoutReplacing(temporary, targetOf(draft));
  else yield* make('rename', temporary, targetOf(draft));
  draft.temporary = undefined;
  yield* settleDirectory(draft);
}

function* settleDirectory(draft: Draft): Protocol<void> {
  const { directoryFd, request } = draft;
  draft.directoryFd = -1;
  draft.place.pin?.close();
  if (directoryFd < 0) return;
  const [synced] = yield* together([['fsync', directoryFd]]);
  yield* together([['close', directoryFd]]);
  if (synced.error !== undefined) throw notDurable(request, synced.error);
}

/** The new content is in place, and may be gone again after a power cut. */
export function notDurable(request: Pick<WriteRequest, 'asked'>, cause: unknown): SystemError {
  return new SystemError({
    code: 'ERR_OSX_NOT_DURABLE',
    syscall: 'fsync',
    path: request.asked,
    message: 'committed, but the directory could not be synced: a power cut may undo it',
    cause,
  });
}
