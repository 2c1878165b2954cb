import { checked, defineCall, linuxConstants, zeroOrError } from '@osx/native-ffi';

const getsockoptCall = defineCall({
  name: 'getsockopt',
  returns: 'int',
  parameters: ['int', 'int', 'int', 'pointer', 'pointer'],
  decode: zeroOrError,
});

/** An int at SOL_SOCKET. */
export function socketOption(fd: number, option: number): number {
  const value = Buffer.alloc(4);
  const length = Buffer.from([4, 0, 0, 0]);
  checked(getsockoptCall(fd, linuxConstants().SOL_SOCKET, option, value, length), 'getsockopt');
  return value.readInt32LE();
}
