import { checked } from '@osx/native-ffi';

import { epollWait } from './epoll-calls.ts';
import { epollEventStruct } from './epoll-event-struct.ts';

/** The memory that epoll_wait fills, used again by each call. */
export class EpollBatch {
  #bytes: Buffer | undefined;

  /** Takes what is ready, without waiting, and hands on each token with its bits. */
  take(epoll: number, maxEvents: number, onEvent: (token: number, events: number) => void): void {
    const { size } = epollEventStruct.layout();
    const dataOffset = size - 8; // the last of two fields, on every architecture
    if (this.#bytes === undefined || this.#bytes.length < maxEvents * size)
      this.#bytes = Buffer.alloc(maxEvents * size);
    const bytes = this.#bytes;
    const count = checked(epollWait(epoll, bytes, maxEvents, 0), 'epoll_wait');
    for (let at = 0; at < count * size; at += size) {
      // Tokens are counted upwards from 1 and stay safe integers.
      const token = bytes.readUInt32LE(at + dataOffset) + bytes.readUInt32LE(at + dataOffset + 4) * 2 ** 32;
      onEvent(token, bytes.readUInt32LE(at));
    }
  }
}
