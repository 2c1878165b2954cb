import { SystemError } from '@osx/errors';

import { JournalEntry } from '../../journal-entry.ts';
import { cutFieldCopy, splitField } from './split-field.ts';

const LINE_FEED = 0x0a;
const LENGTH_BYTES = 8;
/** More than any cursor has: what says where an entry is, is not cut. */
const LONGEST_ADDRESS = 4096;

/**
 * Entries out of the Journal Export Format, piece by piece as it comes; holds one unfinished entry at most.
 *
 * @see https://systemd.io/JOURNAL_EXPORT_FORMATS/
 */
export class ExportParser {
  readonly #threshold: number;
  readonly #entries: JournalEntry[] = [];
  #fields = new Map<string, Buffer[]>();
  /** The pieces of a line, or of the length of a framed value. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  #state: 'line' | 'length' | 'value' | 'end-of-value' = 'line';
  #name = '';
  #value = Buffer.alloc(0);
  #remaining = 0;

  /** @param threshold Values of more bytes are cut to so many; 0: none. */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Whether the bytes so far end with an entry. */
  get isAtEnd(): boolean {
    return this.#state === 'line' && this.#pieceBytes === 0 && this.#fields.size === 0;
  }

  /** The oldest entry that is whole. */
  take(): JournalEntry | undefined {
    return this.#entries.shift();
  }

  /** @throws {SystemError} `EBADMSG` for what is not that format. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#state === 'line') at = this.#readLine(chunk, at);
      else if (this.#state === 'length') at = this.#readLength(chunk, at);
      else if (this.#state === 'value') at = this.#readValue(chunk, at);
      else at = this.#endValue(chunk, at);
    }
  }

  #readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LINE_FEED, at);
    const most = Math.max(LONGEST_ADDRESS, cutFieldCopy(Infinity, this.#threshold));
    this.#keep(chunk.subarray(at, end < 0 ? chunk.length : end), most);
    if (end < 0) return chunk.length;
    const line = this.#kept();
    if (line.length === 0) {
      this.#finishEntry();
    } else if (line.includes(0x3d)) {
      const [name, value] = splitField(line, 0);
      this.#add(name, value);
    } else {
      this.#name = line.toString('latin1');
      this.#state = 'length';
    }
    return end + 1;
  }

  #readLength(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + LENGTH_BYTES - this.#pieceBytes);
    this.#keep(chunk.subarray(at, end), LENGTH_BYTES);
    if (this.#pieceBytes < LENGTH_BYTES) return end;
    this.#remaining = Number(this.#kept().readBigUInt64LE());
    if (this.#remaining > 2 ** 32) throw badExport(`a value of ${this.#remaining} bytes`);
    const size = this.#threshold === 0 ? this.#remaining : Math.min(this.#remaining, this.#threshold);
    this.#value = Buffer.allocUnsafe(size);
    this.#pieceBytes = 0;
    this.#state = this.#remaining === 0 ? 'end-of-value' : 'value';
    return end;
  }

  #readValue(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    this.#pieceBytes += chunk.copy(this.#value, this.#pieceBytes, at, end);
    this.#remaining -= end - at;
    if (this.#remaining === 0) this.#state = 'end-of-value';
    return end;
  }

  #endValue(chunk: Buffer, at: number): number {
    if (chunk[at] !== LINE_FEED) throw badExport(`no line feed after the value of ${this.#name}`);
    this.#add(this.#name, this.#value);
    this.#value = Buffer.alloc(0);
    this.#pieceBytes = 0;
    this.#state = 'line';
    return at + 1;
  }

  /** Copies a piece, so that the chunk it is in can go; of a value that will be cut no more than that. */
  #keep(piece: Buffer, most: number): void {
    const wanted = piece.subarray(0, most - this.#pieceBytes);
    if (wanted.length > 0) this.#pieces.push(Buffer.from(wanted));
    this.#pieceBytes += wanted.length;
  }

  #kept(): Buffer {
    const [first, ...more] = this.#pieces;
    const bytes = first === undefined ? Buffer.alloc(0) : more.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pieceBytes = 0;
    return bytes;
  }

  #add(name: string, value: Buffer): void {
    const values = this.#fields.get(name);
    if (values === undefined) this.#fields.set(name, [value]);
    else values.push(value);
  }

  #finishEntry(): void {
    const fields = this.#fields;
    if (fields.size === 0) return;
    this.#fields = new Map();
    const text = (name: string): string => {
      const value = fields.get(name)?.[0];
      if (value === undefined) throw badExport(`no ${name}`);
      return value.toString('latin1');
    };
    const parts = {
      cursor: text('__CURSOR'),
      realtimeUsec: BigInt(text('__REALTIME_TIMESTAMP')),
      monotonicUsec: BigInt(text('__MONOTONIC_TIMESTAMP')),
      bootId: text('_BOOT_ID'),
    };
    for (const [name, values] of fields) {
      if (name.startsWith('__')) fields.delete(name);
      else if (this.#threshold > 0)
        fields.set(
          name,
          values.map((value) => value.subarray(0, this.#threshold)),
        );
    }
    this.#entries.push(new JournalEntry({ ...parts, fields }));
  }
}

export function badExport(what: string): SystemError {
  return new SystemError({ code: 'EBADMSG', syscall: 'journalctl', message: `not the export format: ${what}` });
}
