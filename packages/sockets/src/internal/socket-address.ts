import { checkPath, invalidArgType, outOfRange, toBytes } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import type { UnixAddress } from '../unix-address.ts';

/** sun_path, less the NUL: at the end of a path, before an abstract name. */
const MOST_BYTES = 107;
const FAMILY_BYTES = 2;

/** An address as the kernel takes it, and as errors name it. */
export interface SocketAddress {
  /** As much of struct sockaddr_un as is used: the length is part of an abstract name. */
  readonly bytes: Buffer;
  readonly path: string | Buffer;
}

export function checkAddress(name: string, address: unknown): SocketAddress {
  const abstract = abstractName(address);
  if (abstract === undefined) return pathAddress(name, address);
  if (typeof abstract !== 'string' && !(abstract instanceof Uint8Array)) {
    throw invalidArgType(`${name}.abstract`, 'of type string or an instance of Uint8Array', abstract);
  }
  const bytes = toBytes(`${name}.abstract`, abstract);
  checkLength(`${name}.abstract`, bytes.byteLength);
  const encoded = encode(bytes, 1);
  return {
    bytes: encoded,
    get path() {
      return Buffer.concat([Buffer.from('@'), encoded.subarray(FAMILY_BYTES + 1)]);
    },
  };
}

/** What `bind` takes for a name that the kernel makes up: the family alone. */
export function autobindAddress(): SocketAddress {
  return { bytes: encode(Buffer.alloc(0), 0).subarray(0, FAMILY_BYTES), path: 'auto' };
}

/** An address that the kernel wrote, text where it is UTF-8; null for a socket without a name. */
export function decodeAddress(bytes: Uint8Array): UnixAddress | null {
  const name = Buffer.from(bytes.subarray(FAMILY_BYTES));
  if (name.byteLength === 0) return null;
  if (name[0] === 0) return { abstract: textOrBytes(name.subarray(1)) };
  const end = name.indexOf(0);
  return textOrBytes(end === -1 ? name : name.subarray(0, end));
}

function pathAddress(name: string, address: unknown): SocketAddress {
  const path = checkPath(name, address);
  const bytes = typeof path === 'string' ? Buffer.from(path) : path;
  checkLength(name, bytes.byteLength);
  return { bytes: encode(bytes, 0), path };
}

function abstractName(address: unknown): unknown {
  if (typeof address !== 'object' || address === null || !('abstract' in address)) return undefined;
  return address.abstract ?? null;
}

function checkLength(name: string, byteLength: number): void {
  if (byteLength > MOST_BYTES) throw outOfRange(name, `at most ${MOST_BYTES} bytes, the size of sun_path`, byteLength);
}

/** The family, then the name with its NUL, which is before an abstract name (1) and behind a path (0). */
function encode(name: Uint8Array, offset: 0 | 1): Buffer {
  const bytes = Buffer.alloc(FAMILY_BYTES + name.byteLength + 1);
  bytes.writeUInt16LE(linuxConstants().AF_UNIX);
  bytes.set(name, FAMILY_BYTES + offset);
  return bytes;
}

function textOrBytes(bytes: Buffer): string | Buffer {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : bytes;
}
