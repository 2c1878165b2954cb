import { hasCode, SystemError } from '@osx/errors';
import { checked, copyMemory, takeCString, toCString, type NativeCall } from '@osx/native-ffi';

import { JournalEntry } from '../../journal-entry.ts';
import { closedError } from './closed-error.ts';
import { cutFieldCopy, splitField } from './split-field.ts';
import * as calls from './libsystemd-calls.ts';
import type { Direction } from './journal-backend.ts';
import type { MatchGroups } from './match-groups.ts';
import type { ReaderSource } from './reader-source.ts';

const SD_JOURNAL_LOCAL_ONLY = 1;
const SCOPES = { system: 1 << 2, user: 1 << 3, all: 0 };

/** An `sd_journal *`: open files and mappings, which only `close` gives back. */
export class LibsystemdHandle {
  readonly #threshold: number;
  readonly #pointer = Buffer.alloc(8);
  readonly #length = Buffer.alloc(8);
  readonly #id = Buffer.alloc(16);
  #address: bigint;

  constructor(source: ReaderSource) {
    this.#threshold = source.dataThreshold;
    this.#address = openAddress(source);
    try {
      this.call(calls.setDataThreshold, 'sd_journal_set_data_threshold', libraryThreshold(source.dataThreshold));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get isClosed(): boolean {
    return this.#address === 0n;
  }

  /** The value of a call with this journal, or its error. */
  call(call: NativeCall, name: string, ...args: Parameters<NativeCall>): number {
    return checked(call(this.#open(name), ...args), name);
  }

  setMatches(matches: MatchGroups): void {
    calls.flushMatches(this.#open('sd_journal_flush_matches'));
    for (const group of matches.groups()) {
      this.call(calls.addConjunction, 'sd_journal_add_conjunction');
      for (const term of group) {
        this.call(calls.addDisjunction, 'sd_journal_add_disjunction');
        for (const { field, value } of term) {
          const data = Buffer.concat([Buffer.from(`${field}=`, 'latin1'), value]);
          this.call(calls.addMatch, 'sd_journal_add_match', data, data.length);
        }
      }
    }
  }

  step(direction: Direction): boolean {
    return direction === 'forward'
      ? this.call(calls.moveNext, 'sd_journal_next') > 0
      : this.call(calls.movePrevious, 'sd_journal_previous') > 0;
  }

  /** The cursor of the entry that was stepped to. */
  cursor(): string {
    this.call(calls.getCursor, 'sd_journal_get_cursor', this.#pointer);
    return takeCString(this.#pointer.readBigUInt64LE()).toString('latin1');
  }

  isAt(cursor: string): boolean {
    return this.call(calls.testCursor, 'sd_journal_test_cursor', cursor) > 0;
  }

  /** The entry that was stepped to; null when it cannot be read, as in a damaged file: journalctl passes over it too. */
  entry(): JournalEntry | null {
    try {
      this.call(calls.getMonotonic, 'sd_journal_get_monotonic_usec', this.#length, this.#id);
      const monotonicUsec = this.#length.readBigUInt64LE();
      const bootId = this.#id.toString('hex');
      this.call(calls.getRealtime, 'sd_journal_get_realtime_usec', this.#length);
      const realtimeUsec = this.#length.readBigUInt64LE();
      return new JournalEntry({ cursor: this.cursor(), realtimeUsec, monotonicUsec, bootId, fields: this.#fields() });
    } catch (error) {
      if (isDamage(error)) return null;
      throw error;
    }
  }

  /** What an enumeration of the library points at next, `NAME=value`, cut to the threshold; undefined at its end. */
  enumerated(call: NativeCall, name: string): Buffer | undefined {
    if (this.call(call, name, this.#pointer, this.#length) === 0) return undefined;
    const length = Number(this.#length.readBigUInt64LE());
    return copyMemory(this.#pointer.readBigUInt64LE(), cutFieldCopy(length, this.#threshold));
  }

  /** A text that the library lends until the next call; undefined when there is none. */
  enumeratedName(call: NativeCall, name: string): Buffer | undefined {
    if (this.call(call, name, this.#pointer) === 0) return undefined;
    return copyCString(this.#pointer.readBigUInt64LE());
  }

  /** Splits what {@link enumerated} gave. */
  split(data: Buffer): [name: string, value: Buffer] {
    return splitField(data, this.#threshold);
  }

  /** CLOCK_MONOTONIC in microseconds at which to look again, where the descriptor does not tell all; undefined: it does. */
  deadlineUsec(): bigint | undefined {
    this.call(calls.getTimeout, 'sd_journal_get_timeout', this.#length);
    const usec = this.#length.readBigUInt64LE();
    return usec === 2n ** 64n - 1n ? undefined : usec;
  }

  close(): void {
    const address = this.#address;
    this.#address = 0n;
    if (address !== 0n) calls.journalClose(address);
  }

  #fields(): Map<string, Buffer[]> {
    const fields = new Map<string, Buffer[]>();
    calls.restartData(this.#open('sd_journal_restart_data'));
    for (;;) {
      const data = this.enumerated(calls.enumerateData, 'sd_journal_enumerate_available_data');
      if (data === undefined) return fields;
      // Damage that the library does not look for: no field is without a name.
      if (data.indexOf(0x3d) < 1)
        throw new SystemError({ code: 'EBADMSG', syscall: 'sd_journal_enumerate_available_data' });
      const [name, value] = this.split(data);
      const values = fields.get(name);
      if (values === undefined) fields.set(name, [value]);
      else values.push(value);
    }
  }

  #open(syscall: string): bigint {
    if (this.#address !== 0n) return this.#address;
    throw closedError(syscall);
  }
}

function isDamage(error: unknown): boolean {
  return hasCode(error, 'EBADMSG') || hasCode(error, 'EADDRNOTAVAIL');
}

/** The library counts the name too, and wants 0 for all. */
function libraryThreshold(threshold: number): number {
  return threshold === 0 ? 0 : cutFieldCopy(Number.MAX_SAFE_INTEGER, threshold);
}

function copyCString(address: bigint): Buffer {
  return copyMemory(address, calls.stringLength(address));
}

function openAddress({ namespace, directory, files, scope }: ReaderSource): bigint {
  const pointer = Buffer.alloc(8);
  const flags = SCOPES[scope];
  if (files !== undefined) {
    const paths = [...files.map((file) => toCString(file)), null];
    checked(calls.journalOpenFiles(pointer, paths, 0), 'sd_journal_open_files');
  } else if (directory !== undefined) {
    const result = calls.journalOpenDirectory(pointer, toCString(directory), flags);
    checked(result, 'sd_journal_open_directory', { path: directory });
  } else if (namespace !== undefined) {
    const result = calls.journalOpenNamespace(pointer, namespace, flags | SD_JOURNAL_LOCAL_ONLY);
    checked(result, 'sd_journal_open_namespace');
  } else {
    checked(calls.journalOpen(pointer, flags | SD_JOURNAL_LOCAL_ONLY), 'sd_journal_open');
  }
  return pointer.readBigUInt64LE();
}
