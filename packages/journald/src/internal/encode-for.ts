import { encodeJournalEntry } from '../encode-journal-entry.ts';
import type { JournalFields } from '../journal-fields.ts';
import { captureCallSite } from './call-site.ts';
import type { CheckedTarget } from './check-target-options.ts';

/**
 * The entry with what every entry gets.
 *
 * @param below The function that the user called.
 */
export function encodeFor(target: CheckedTarget, fields: JournalFields, below: (...args: never[]) => unknown): Buffer {
  const { defaults, callSite } = target;
  return encodeJournalEntry(fields, callSite ? { ...defaults, ...captureCallSite(below) } : defaults);
}
