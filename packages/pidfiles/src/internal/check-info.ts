import { checkOptions, invalidArgValue } from '@osx/errors';

import type { RecordInfo } from '../pidfile-record.ts';
import { oneWord } from './one-word.ts';
import { MAX_RECORD_BYTES } from './record-text.ts';

/** What the rest of a record takes at most. */
const OTHER_BYTES = 1024;

/** The info, once it is known to survive JSON and to leave room for the rest. */
export function checkInfo(name: string, info: RecordInfo | undefined): RecordInfo | undefined {
  if (info === undefined) return undefined;
  checkOptions(name, info);
  const text = asJson(name, info);
  if (!text.startsWith('{')) throw invalidArgValue(name, 'what JSON writes as an object', info);
  if (Buffer.byteLength(text) > MAX_RECORD_BYTES - OTHER_BYTES) {
    throw invalidArgValue(name, `at most ${MAX_RECORD_BYTES - OTHER_BYTES} bytes of JSON`, info);
  }
  return JSON.parse(text) as RecordInfo;
}

function asJson(name: string, info: RecordInfo): string {
  try {
    const text: unknown = JSON.stringify(info);
    // undefined when a toJSON says so.
    return typeof text === 'string' ? oneWord(text) : '';
  } catch (cause) {
    throw invalidArgValue(name, 'what JSON can hold', info, { cause });
  }
}
