import { currentTarget, type Target } from './target.ts';
import { UnsupportedError } from '@osx/errors';

/** A fixed-width integer of C; those of 64 bits are `bigint` in JavaScript, the others `number`. */
export type FieldType = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64';

export interface StructLayout<Field extends string = string> {
  readonly size: number;
  /** Name to type and byte offset. */
  readonly fields: Readonly<Record<Field, readonly [FieldType, number]>>;
  /** Fields may stand at odd offsets, as in `struct epoll_event` on x86-64. */
  readonly packed?: boolean;
}

type Fields<Layouts> = Layouts extends Partial<Record<Target, { fields: infer F }>> ? F : never;
type ValueOf<Type> = Type extends 'i64' | 'u64' ? bigint : number;
type Values<Layouts> = {
  [Name in keyof Fields<Layouts>]: Fields<Layouts>[Name] extends readonly [infer Type, number] ? ValueOf<Type> : never;
};

export interface Struct<Shape> {
  readonly name: string;
  layout(target?: Target): StructLayout;
  size(target?: Target): number;
  /** The bytes of the struct; fields that are not given are 0. */
  pack(values: Partial<Shape>, target?: Target): Buffer;
  /** The fields read from the start of `bytes`. */
  unpack(bytes: Uint8Array, target?: Target): Shape;
}

const WIDTH: Record<FieldType, number> = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8 };

/**
 * A C struct as explicit layouts, one per target, checked for overlap and alignment at first use.
 *
 * The tables are proved against the headers by tests that compile them with the machine's C compiler.
 *
 * @param name The struct's name in C.
 * @example
 * ```ts
 * import { defineStruct } from '@osx/native-ffi';
 *
 * const layout = { size: 8, fields: { fd: ['i32', 0], events: ['i16', 4], revents: ['i16', 6] } } as const;
 * const pollfd = defineStruct('pollfd', { 'linux-x64': layout, 'linux-arm64': layout });
 * console.log(pollfd.pack({ fd: 3, events: 1 }, 'linux-x64').toString('hex')); // 0300000001000000
 * ```
 */
export function defineStruct<const Layouts extends Partial<Record<Target, StructLayout>>>(
  name: string,
  layouts: Layouts,
): Struct<Values<Layouts>> {
  const sound = new Set<Target>();

  function layout(target = currentTarget()): StructLayout {
    const found = layouts[target];
    if (found === undefined) {
      throw new UnsupportedError({
        feature: `struct ${name}`,
        requires: Object.keys(layouts).join(', '),
        platform: target,
      });
    }
    if (!sound.has(target)) {
      assertSound(name, found);
      sound.add(target);
    }
    return found;
  }

  return {
    name,
    layout,
    size: (target) => layout(target).size,
    pack(values, target) {
      const { size, fields } = layout(target);
      const bytes = Buffer.alloc(size);
      for (const [field, value] of Object.entries(values) as [string, number | bigint | undefined][]) {
        const place = fields[field];
        if (place === undefined) throw new RangeError(`struct ${name} has no field ${field}`);
        if (value !== undefined) writeField(bytes, place[0], place[1], value);
      }
      return bytes;
    },
    unpack(bytes, target) {
      const { size, fields } = layout(target);
      if (bytes.length < size) throw new RangeError(`struct ${name} is ${size} bytes, got ${bytes.length}`);
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      return Object.fromEntries(
        Object.entries(fields).map(([field, [type, offset]]) => [field, readField(view, type, offset)]),
      ) as Values<Layouts>;
    },
  };
}

function assertSound(name: string, { size, fields, packed = false }: StructLayout): void {
  let end = 0;
  for (const [field, [type, offset]] of Object.entries(fields).toSorted(([, a], [, b]) => a[1] - b[1])) {
    const width = WIDTH[type];
    if (offset < end) throw new RangeError(`struct ${name}: field ${field} at ${offset} overlaps the one before`);
    if (!packed && offset % width !== 0)
      throw new RangeError(`struct ${name}: field ${field} at ${offset} is not aligned`);
    end = offset + width;
  }
  if (end > size) throw new RangeError(`struct ${name}: its fields end at ${end}, behind its size ${size}`);
}

function writeField(bytes: Buffer, type: FieldType, offset: number, value: number | bigint): void {
  if (type === 'i64') bytes.writeBigInt64LE(BigInt(value), offset);
  else if (type === 'u64') bytes.writeBigUInt64LE(BigInt(value), offset);
  else if (type.startsWith('i')) bytes.writeIntLE(Number(value), offset, WIDTH[type]);
  else bytes.writeUIntLE(Number(value), offset, WIDTH[type]);
}

function readField(bytes: Buffer, type: FieldType, offset: number): number | bigint {
  if (type === 'i64') return bytes.readBigInt64LE(offset);
  if (type === 'u64') return bytes.readBigUInt64LE(offset);
  return type.startsWith('i') ? bytes.readIntLE(offset, WIDTH[type]) : bytes.readUIntLE(offset, WIDTH[type]);
}
