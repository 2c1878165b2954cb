/**
 * Unix sockets as descriptors: datagrams, streams and packets by path or abstract name, with descriptors and credentials
 * passed along, waiting in the event loop without a thread.
 *
 * @packageDocumentation
 */
export type { Credentials } from './credentials.ts';
export type {
  MessageData,
  ReceivedMessage,
  ReceiveOptions,
  SendOptions,
  TryReceiveOptions,
  TrySendOptions,
} from './message.ts';
export type { SocketType } from './socket-type.ts';
export type { AbstractAddress, UnixAddress } from './unix-address.ts';
export { UnixSocket } from './unix-socket.ts';
export type { UnixSocketOptions } from './unix-socket-options.ts';
export type { WaitOptions } from './wait-options.ts';
