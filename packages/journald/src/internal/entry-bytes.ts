import { outOfRange } from '@osx/errors';

/** What journald takes of one entry; of more it would keep nothing, in silence. */
const MOST_FIELDS = 1_024;
/** DATA_SIZE_MAX and ENTRY_SIZE_MAX of systemd. */
const MOST_VALUE_BYTES = 768 * 2 ** 20;
const MOST_ENTRY_BYTES = 770 * 2 ** 20;

// Within a line only what cannot end it, or be taken for anything but text.
// oxlint-disable-next-line no-control-regex
const NOT_PLAIN = /[\0-\x1f\x7f]/;

/** Builds an entry in the native protocol: plain text as `NAME=value`, all else with its length in front. */
export class EntryBytes {
  /** What was added since the last chunk. */
  #text = '';
  readonly #chunks: Uint8Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(name: string, value: string | Uint8Array): void {
    this.#count += 1;
    if (this.#count > MOST_FIELDS) throw outOfRange('fields', `at most ${MOST_FIELDS} values`, this.#count);
    if (typeof value === 'string' && !NOT_PLAIN.test(value)) this.#text += `${name}=${value}\n`;
    else this.#addFramed(name, typeof value === 'string' ? Buffer.from(value) : value);
  }

  finish(): Buffer {
    if (this.#chunks.length === 0) return Buffer.from(this.#text);
    this.#chunks.push(Buffer.from(this.#text));
    const bytes = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (bytes > MOST_ENTRY_BYTES) throw outOfRange('fields', `at most ${MOST_ENTRY_BYTES} bytes`, bytes);
    return Buffer.concat(this.#chunks, bytes);
  }

  #addFramed(name: string, value: Uint8Array): void {
    const most = MOST_VALUE_BYTES - name.length - 1;
    if (value.length > most) throw outOfRange(`fields.${name}`, `at most ${most} bytes`, value.length);
    const length = Buffer.alloc(8);
    length.writeUInt32LE(value.length % 2 ** 32);
    length.writeUInt32LE(Math.floor(value.length / 2 ** 32), 4);
    this.#chunks.push(Buffer.from(`${this.#text}${name}\n`), length, value);
    this.#text = '\n';
  }
}
