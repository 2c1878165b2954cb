import { checkAbortSignal, checkBoolean, checkFunction, checkInteger } from '@osx/errors';

import { IN_ATTRIB, IN_MODIFY } from '../inotify/constants.ts';
import type { TreeEvent } from '../inotify/tree-event.ts';
import type { WatchTreeOptions } from '../inotify/tree-options.ts';
import { MIN_READ_EVENTS } from './event-queue.ts';
import { treeIgnoreRule } from './tree-ignore.ts';
import type { TreeIgnoreRule } from './tree-ignore.ts';

export interface CheckedTreeOptions {
  readonly ignore: TreeIgnoreRule | undefined;
  readonly emitExisting: boolean;
  /** Events to ask the kernel for on top of those that are always needed. */
  readonly extraMask: number;
  readonly onEvent: ((event: TreeEvent) => void) | undefined;
  readonly onError: ((error: Error) => void) | undefined;
  readonly maxBufferedEvents: number;
  readonly signal: AbortSignal | undefined;
}

/** Checks the options of `watchTree` and fills in what was left out. */
export function checkTreeOptions(options: WatchTreeOptions): CheckedTreeOptions {
  const { ignore, emitExisting = false, modify = false, attributes = false } = options;
  const { onEvent, onError, maxBufferedEvents = 16_384, signal } = options;
  checkBoolean('options.emitExisting', emitExisting);
  checkBoolean('options.modify', modify);
  checkBoolean('options.attributes', attributes);
  if (onEvent !== undefined) checkFunction('options.onEvent', onEvent);
  if (onError !== undefined) checkFunction('options.onError', onError);
  checkInteger('options.maxBufferedEvents', maxBufferedEvents, { min: MIN_READ_EVENTS, max: 2 ** 24 });
  return {
    ignore: treeIgnoreRule(ignore),
    emitExisting,
    extraMask: (modify ? IN_MODIFY : 0) | (attributes ? IN_ATTRIB : 0),
    onEvent,
    onError,
    maxBufferedEvents,
    signal: checkAbortSignal('options.signal', signal),
  };
}
