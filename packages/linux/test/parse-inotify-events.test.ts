import { endianness } from 'node:os';

import { describe, expect, test } from 'vitest';

import type { RawInotifyEvent } from '../src/internal/parse-inotify-events.ts';
import { decodeName, parseInotifyEvents } from '../src/internal/parse-inotify-events.ts';

/** A repeatable source of numbers below `limit`. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** struct inotify_event as the kernel writes it: the name is padded with NULs to a multiple of 16. */
function encode(event: RawInotifyEvent): Buffer {
  const { nameBytes } = event;
  const length = nameBytes === undefined ? 0 : Math.ceil((nameBytes.length + 1) / 16) * 16;
  const view = new DataView(new ArrayBuffer(16 + length));
  const isLittle = endianness() === 'LE';
  view.setInt32(0, event.wd, isLittle);
  view.setUint32(4, event.mask, isLittle);
  view.setUint32(8, event.cookie, isLittle);
  view.setUint32(12, length, isLittle);
  const bytes = Buffer.from(view.buffer);
  nameBytes?.copy(bytes, 16);
  return bytes;
}

function parse(bytes: Buffer): RawInotifyEvent[] {
  const events: RawInotifyEvent[] = [];
  parseInotifyEvents(bytes, (event) => events.push(event));
  return events;
}

function randomEvent(random: (limit: number) => number): RawInotifyEvent {
  const length = random(4) === 0 ? 0 : 1 + random(255);
  const nameBytes = Buffer.from(Array.from({ length }, () => 1 + random(255)));
  return {
    wd: random(10) === 0 ? -1 : random(2 ** 31),
    mask: random(2 ** 32),
    cookie: random(2 ** 32),
    nameBytes: length === 0 ? undefined : nameBytes,
  };
}

describe('parseInotifyEvents', () => {
  test('reads back whatever was written, in order', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomNumbers(seed);
      const events = Array.from({ length: random(40) }, () => randomEvent(random));
      expect(parse(Buffer.concat(events.map(encode))), `seed ${seed}`).toEqual(events);
    }
  });

  test('every cut that is not between two events is refused, and what came before it is kept', () => {
    const random = randomNumbers(7);
    const encoded = Array.from({ length: 5 }, () => encode(randomEvent(random)));
    const bytes = Buffer.concat(encoded);
    const ends = encoded.map((_, index) => Buffer.concat(encoded.slice(0, index + 1)).length);
    for (let length = 0; length <= bytes.length; length += 1) {
      const cut = bytes.subarray(0, length);
      if (length === 0 || ends.includes(length)) expect(parse(cut)).toHaveLength(ends.indexOf(length) + 1);
      else expect(() => parse(cut), `cut at ${length}`).toThrow(RangeError);
    }
  });

  test('names are copies: the next read may use the buffer', () => {
    const bytes = encode({ wd: 1, mask: 2, cookie: 0, nameBytes: Buffer.from('name') });
    const [event] = parse(bytes);
    bytes.fill(0xff);
    expect(event?.nameBytes?.toString()).toBe('name');
  });

  test('a name that fills its field to the last byte has no NUL to find', () => {
    const nameBytes = Buffer.alloc(16, 'x');
    const bytes = Buffer.concat([encode({ wd: 1, mask: 2, cookie: 0, nameBytes: undefined }), nameBytes]);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(12, 16, endianness() === 'LE');
    expect(parse(Buffer.concat([bytes, encode({ wd: 2, mask: 2, cookie: 0, nameBytes: undefined })]))[0]).toEqual({
      wd: 1,
      mask: 2,
      cookie: 0,
      nameBytes,
    });
  });

  test('wd is signed, mask and cookie are not', () => {
    const event = { wd: -1, mask: 0x8000_4000, cookie: 0xffff_ffff, nameBytes: undefined };
    expect(parse(encode(event))).toEqual([event]);
  });
});

describe('decodeName', () => {
  test('gives text for UTF-8 only', () => {
    expect(decodeName(Buffer.from('größe'))).toBe('größe');
    expect(decodeName(Buffer.from([0x66, 0xff]))).toBeUndefined();
    expect(decodeName(Buffer.from([0xed, 0xa0, 0x80]))).toBeUndefined();
    expect(decodeName(undefined)).toBeUndefined();
  });
});
