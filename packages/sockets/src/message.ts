import type { Fd, FdLike } from '@osx/fds';

import type { Credentials } from './credentials.ts';
import type { UnixAddress } from './unix-address.ts';
import type { WaitOptions } from './wait-options.ts';

/** Text (as UTF-8) or bytes. */
export type MessageData = string | NodeJS.ArrayBufferView;

export interface TrySendOptions {
  /** Where to; for datagram sockets, connected or not. */
  to?: UnixAddress | undefined;
  /** Descriptors that the receiver gets duplicates of, at most 253; they stay the caller's, and may be closed after. */
  fds?: readonly FdLike[] | undefined;
  /**
   * States who sends; `true` is this process. What is not named is this process's, and the kernel checks it: a pid or id
   * that is not one's own takes CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID. A receiver with `passCredentials` is told of the sender
   * without this too.
   */
  credentials?: Partial<Credentials> | true | undefined;
}

export interface SendOptions extends TrySendOptions, WaitOptions {}

export interface TryReceiveOptions {
  /**
   * The most bytes to take. Of a longer datagram or packet the rest is lost, and `isTruncated` says so. By default a message
   * is taken whole, whatever its size, and of a stream up to 65,536 bytes.
   */
  maxBytes?: number | undefined;
  /** The most descriptors to take, 0 to 253; 0 by default. What comes beyond is closed, and `areFdsTruncated` says so. */
  maxFds?: number | undefined;
}

export interface ReceiveOptions extends TryReceiveOptions, WaitOptions {}

/** What one receive took. */
export interface ReceivedMessage {
  readonly data: Buffer;
  /** Descriptors that came with it, close-on-exec; the receiver's, to be closed. */
  readonly fds: Fd[];
  /** The sender's name; null when it has none, and for streams. */
  readonly from: UnixAddress | null;
  /** Who sent it, vouched for by the kernel, where `passCredentials` is on. */
  readonly credentials?: Credentials;
  /** Whether the message was longer than `maxBytes`; the rest is gone. */
  readonly isTruncated: boolean;
  /** Whether descriptors were dropped: more than `maxFds`, or this process may open no more (`EMFILE`). */
  readonly areFdsTruncated: boolean;
  /** Whether nothing more will come. An empty message is not an end. */
  readonly isEndOfStream: boolean;
}
