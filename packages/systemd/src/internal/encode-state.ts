import { invalidArgType, invalidArgValue, outOfRange } from '@osx/errors';
import type { FdLike } from '@osx/fds';

import type { NotifyFields } from '../notify-fields.ts';
import { encodeField } from './encode-field.ts';

/** What a manager reads of a message; it drops a longer one with no more than a line in its log (NOTIFY_BUFFER_MAX). */
const MOST_BYTES = 4096;

export function encodeState(state: NotifyFields | string, fds: readonly FdLike[] | undefined): string {
  const message = typeof state === 'string' ? checkText(state) : encodeFields(state, fds);
  const byteLength = Buffer.byteLength(message);
  if (byteLength > MOST_BYTES) {
    throw outOfRange('state', `at most ${MOST_BYTES} bytes, beyond which the manager drops it`, byteLength);
  }
  return message;
}

function checkText(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0 || text.includes('\0') || lines.some((line) => !/^[A-Z_][A-Z0-9_]*=/.test(line))) {
    throw invalidArgValue('state', 'lines NAME=VALUE without null bytes, or an object of fields', text);
  }
  return text;
}

function encodeFields(state: NotifyFields, fds: readonly FdLike[] | undefined): string {
  if (typeof state !== 'object' || state === null) throw invalidArgType('state', 'of type string or object', state);
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(state)) {
    const text = encodeField(name, value);
    if (text !== undefined) fields.set(name, text);
  }
  if (fields.size === 0) throw invalidArgValue('state', 'at least one field', state);
  checkTogether(fields, fds, state);
  if (fields.has('RELOADING') && !fields.has('MONOTONIC_USEC')) fields.set('MONOTONIC_USEC', `${monotonicUsec()}`);
  return [...fields].map(([name, text]) => `${name}=${text}`).join('\n');
}

/** What a manager would drop in silence, or close. */
function checkTogether(fields: Map<string, string>, fds: readonly FdLike[] | undefined, state: NotifyFields): void {
  const requires = (name: string, isMet: boolean, what: string): void => {
    if (fields.has(name) && !isMet) throw invalidArgValue('state', `${name} only ${what}`, state);
  };
  const isStore = fields.has('FDSTORE');
  requires('FDSTORE', fds !== undefined && fds.length > 0, 'with descriptors in options.fds');
  requires('MAINPIDFD', fds?.length === 1 && !isStore, 'with one descriptor, a pidfd, in options.fds');
  requires('FDPOLL', isStore, 'with FDSTORE');
  requires('FDNAME', isStore || fields.has('FDSTOREREMOVE'), 'with FDSTORE or FDSTOREREMOVE');
  requires('FDSTOREREMOVE', fields.has('FDNAME') && !isStore, 'with FDNAME, and without FDSTORE');
  requires('MAINPIDFDID', fields.has('MAINPID'), 'with MAINPID');
  if (fds !== undefined && fds.length > 0 && !isStore && !fields.has('MAINPIDFD')) {
    throw invalidArgValue('options.fds', 'given with FDSTORE or MAINPIDFD: without, the manager closes them', fds);
  }
}

/** Node's clock is CLOCK_MONOTONIC. */
function monotonicUsec(): bigint {
  return process.hrtime.bigint() / 1000n;
}
