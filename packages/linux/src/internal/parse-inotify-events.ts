import { isUtf8 } from 'node:buffer';

/** One `struct inotify_event` as the kernel wrote it. */
export interface RawInotifyEvent {
  readonly wd: number;
  readonly mask: number;
  readonly cookie: number;
  /** The name without its NUL padding; undefined when the event carries none. */
  readonly nameBytes: Buffer | undefined;
}

/** `offsetof(struct inotify_event, name)`: wd, mask, cookie and len, four bytes each. */
export const INOTIFY_EVENT_HEADER_BYTES = 16;
/** Header, NAME_MAX bytes and the NUL: a buffer of this size takes any single event. */
export const INOTIFY_EVENT_MAX_BYTES = INOTIFY_EVENT_HEADER_BYTES + 255 + 1;

/**
 * Calls `visit` for every event in what one read(2) of an inotify descriptor returned. Names are copied, so the buffer
 * can be used for the next read.
 */
export function parseInotifyEvents(bytes: Buffer, visit: (event: RawInotifyEvent) => void): void {
  let offset = 0;
  while (offset < bytes.length) {
    const nameStart = offset + INOTIFY_EVENT_HEADER_BYTES;
    if (nameStart > bytes.length) throw new RangeError(`truncated inotify event header at byte ${offset}`);
    const wd = readNative32(bytes, offset) | 0;
    const mask = readNative32(bytes, offset + 4);
    const cookie = readNative32(bytes, offset + 8);
    const nameEnd = nameStart + readNative32(bytes, offset + 12);
    if (nameEnd > bytes.length) throw new RangeError(`truncated inotify event name at byte ${nameStart}`);
    visit({ wd, mask, cookie, nameBytes: copyName(bytes, nameStart, nameEnd) });
    offset = nameEnd;
  }
}

/** The name as text, or undefined when its bytes are not valid UTF-8 and a string would name another file. */
export function decodeName(nameBytes: Buffer | undefined): string | undefined {
  return nameBytes !== undefined && isUtf8(nameBytes) ? nameBytes.toString('utf8') : undefined;
}

/** Every architecture that Node runs Linux on is little-endian but s390x; the kernel writes host order. */
const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function readNative32(bytes: Buffer, offset: number): number {
  return HOST_IS_LITTLE_ENDIAN ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
}

function copyName(bytes: Buffer, start: number, end: number): Buffer | undefined {
  if (start === end) return undefined;
  const nul = bytes.indexOf(0, start);
  return Buffer.from(bytes.subarray(start, nul === -1 || nul > end ? end : nul));
}
