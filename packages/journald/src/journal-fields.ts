import type { Facility, Priority } from './priority.ts';

/**
 * A value of a field, and the bytes that the journal gets.
 *
 * - text: UTF-8 (a lone surrogate becomes U+FFFD); bytes: as they are, of whatever they consist
 * - numbers, bigints, booleans: as `String` has them; `Date`: ISO 8601 in UTC
 * - `Error`: `name: message`, and fields of its own beside it, see {@link JournalFields}
 * - other objects: JSON, in which a circle is `[Circular]`, a bigint its digits, a Map or Set an array, bytes base64, an Error
 *   an object; what throws while it is read becomes `[Throws: why]`
 * - `null`, `undefined`: there is no such field
 *
 * Functions and symbols are refused.
 */
export type JournalValue =
  | string
  | number
  | bigint
  | boolean
  | ArrayBufferView
  | ArrayBuffer
  | Date
  | Error
  | object
  | null
  | undefined;

/**
 * The fields of an entry: names of `A` to `Z`, `0` to `9` and `_`, at most 64, the first a letter; an array is a field with
 * several values, of which the journal keeps each different one once.
 *
 * An Error under `MESSAGE` adds `ERROR_NAME`, `ERROR_STACK`, `ERROR_CODE`, `ERROR_CAUSE` (one value for each cause, the next
 * one first; those of an AggregateError too) and `ERRNO`; under another name `X` they are `X_NAME`, `X_STACK`, `X_CODE`,
 * `X_CAUSE`. Fields that are given win over these.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
 */
export interface JournalFields {
  readonly MESSAGE?: JournalValue | readonly JournalValue[];
  /** `emerg` to `debug`, or 0 to 7. */
  readonly PRIORITY?: Priority | null | undefined;
  /** `user`, `daemon`, `local0` ..., or 0 to 23. */
  readonly SYSLOG_FACILITY?: Facility | null | undefined;
  /** What kind of entry it is: a UUID, with or without dashes, or its 16 bytes. */
  readonly MESSAGE_ID?: string | Uint8Array | null | undefined;
  readonly [name: string]: JournalValue | readonly JournalValue[];
}
