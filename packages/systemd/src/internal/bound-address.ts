import type { AddressInfo } from 'node:net';

import { checked, defineCall, zeroOrError } from '@osx/native-ffi';
import type { UnixAddress } from '@osx/sockets';

/** sizeof(struct sockaddr_storage). */
const MOST_BYTES = 128;
const FAMILY_BYTES = 2;

const getsocknameCall = defineCall({
  name: 'getsockname',
  returns: 'int',
  parameters: ['int', 'pointer', 'pointer'],
  decode: zeroOrError,
});

export function boundAddress(fd: number, family: 'unix' | 'inet' | 'inet6'): UnixAddress | AddressInfo | null {
  const bytes = Buffer.alloc(MOST_BYTES);
  const length = Buffer.from([MOST_BYTES, 0, 0, 0]);
  checked(getsocknameCall(fd, bytes, length), 'getsockname');
  const address = bytes.subarray(0, length.readUInt32LE());
  return family === 'unix' ? unixAddress(address) : internetAddress(address, family);
}

/** struct sockaddr_un: text where the bytes are UTF-8; null without a name. */
function unixAddress(bytes: Buffer): UnixAddress | null {
  const name = bytes.subarray(FAMILY_BYTES);
  if (name.byteLength === 0) return null;
  if (name[0] === 0) return { abstract: textOrBytes(name.subarray(1)) };
  const end = name.indexOf(0);
  return textOrBytes(end === -1 ? name : name.subarray(0, end));
}

/** struct sockaddr_in, struct sockaddr_in6. */
function internetAddress(bytes: Buffer, family: 'inet' | 'inet6'): AddressInfo {
  const port = bytes.readUInt16BE(2);
  if (family === 'inet') return { address: bytes.subarray(4, 8).join('.'), family: 'IPv4', port };
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(8 + 2 * index).toString(16));
  const { SocketAddress } = process.getBuiltinModule('node:net');
  const { address } = new SocketAddress({ address: groups.join(':'), family: 'ipv6' });
  return { address, family: 'IPv6', port };
}

function textOrBytes(bytes: Buffer): string | Buffer {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : bytes;
}
