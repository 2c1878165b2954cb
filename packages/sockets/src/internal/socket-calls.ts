import {
  defineCall,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  zeroOrError,
  zeroOrErrorRetryEintr,
} from '@osx/native-ffi';

export const socketCall = defineCall({
  name: 'socket',
  returns: 'int',
  parameters: ['int', 'int', 'int'],
  decode: nonNegativeOrError,
});
export const socketpairCall = defineCall({
  name: 'socketpair',
  returns: 'int',
  parameters: ['int', 'int', 'int', 'pointer'],
  decode: zeroOrError,
});
export const bindCall = defineCall({
  name: 'bind',
  returns: 'int',
  parameters: ['int', 'pointer', 'uint'],
  decode: zeroOrError,
});
export const listenCall = defineCall({
  name: 'listen',
  returns: 'int',
  parameters: ['int', 'int'],
  decode: zeroOrError,
});
export const connectCall = defineCall({
  name: 'connect',
  returns: 'int',
  parameters: ['int', 'pointer', 'uint'],
  decode: zeroOrErrorRetryEintr,
});
export const accept4Call = defineCall({
  name: 'accept4',
  returns: 'int',
  parameters: ['int', 'pointer', 'pointer', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
export const shutdownCall = defineCall({
  name: 'shutdown',
  returns: 'int',
  parameters: ['int', 'int'],
  decode: zeroOrError,
});
export const sendtoCall = defineCall({
  name: 'sendto',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t', 'int', 'pointer', 'uint'],
  decode: nonNegativeOrErrorRetryEintr,
});
export const sendmsgCall = defineCall({
  name: 'sendmsg',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
export const recvCall = defineCall({
  name: 'recv',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
export const recvmsgCall = defineCall({
  name: 'recvmsg',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
const nameParameters = ['int', 'pointer', 'pointer'] as const;
export const getsocknameCall = defineCall({
  name: 'getsockname',
  returns: 'int',
  parameters: nameParameters,
  decode: zeroOrError,
});
export const getpeernameCall = defineCall({
  name: 'getpeername',
  returns: 'int',
  parameters: nameParameters,
  decode: zeroOrError,
});
export const getsockoptCall = defineCall({
  name: 'getsockopt',
  returns: 'int',
  parameters: ['int', 'int', 'int', 'pointer', 'pointer'],
  decode: zeroOrError,
});
export const setsockoptCall = defineCall({
  name: 'setsockopt',
  returns: 'int',
  parameters: ['int', 'int', 'int', 'pointer', 'uint'],
  decode: zeroOrError,
});
export const pollCall = defineCall({
  name: 'poll',
  returns: 'int',
  parameters: ['pointer', 'ulong', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
