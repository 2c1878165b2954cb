import { checkFunction, checkInteger } from '@osx/errors';

import type { InotifyOptions } from '../inotify/inotify-options.ts';
import { MIN_READ_EVENTS } from './event-queue.ts';
import { INOTIFY_EVENT_MAX_BYTES } from './parse-inotify-events.ts';

type CheckedInotifyOptions = InotifyOptions & { maxBufferedEvents: number; readBufferBytes: number };

/** Checks the options of `Inotify.open` and fills in what was left out. */
export function checkInotifyOptions(options: InotifyOptions): CheckedInotifyOptions {
  const { onEvent, onError, maxBufferedEvents = 4096, readBufferBytes = 65_536 } = options;
  if (onEvent !== undefined) checkFunction('options.onEvent', onEvent);
  if (onError !== undefined) checkFunction('options.onError', onError);
  checkInteger('options.maxBufferedEvents', maxBufferedEvents, { min: MIN_READ_EVENTS, max: 2 ** 24 });
  checkInteger('options.readBufferBytes', readBufferBytes, { min: INOTIFY_EVENT_MAX_BYTES, max: 2 ** 24 });
  return { onEvent, onError, maxBufferedEvents, readBufferBytes };
}
