import { fstatSync } from 'node:fs';

import { errnoNumber, SystemError, withSystemErrors } from '@osx/errors';

import { Cancellation } from './cancellation.ts';
import { OperationQueue } from './operation-queue.ts';
import { Readiness, type Direction } from './readiness.ts';
import { transferNow } from './transfer.ts';
import type { CheckedTransferOptions } from './transfer-options.ts';
import { shareTheLoop } from './turn-of-the-loop.ts';

/** The reads and writes of one descriptor: each direction in order, none of them after `close()`. */
export class Transfers {
  readonly #number: number;
  readonly #queues: Record<Direction, OperationQueue> = { read: new OperationQueue(), write: new OperationQueue() };
  readonly #readiness: Readiness;
  readonly #running = new Set<Cancellation>();
  #isFile: boolean | undefined;

  constructor(number: number) {
    this.#number = number;
    this.#readiness = new Readiness(number);
  }

  /** Moves what fits now into or out of `bytes`; waits until that is at least a byte, or the end of file. */
  move(direction: Direction, bytes: Uint8Array, options: CheckedTransferOptions): Promise<number> {
    return this.#perform(direction, options, (cancellation) => this.#moveSome(direction, bytes, cancellation));
  }

  /** Writes all of `bytes`; no other write of this descriptor comes in between. */
  writeAll(bytes: Uint8Array, options: CheckedTransferOptions): Promise<number> {
    return this.#perform('write', options, async (cancellation) => {
      let written = 0;
      while (written < bytes.byteLength) {
        written += await this.#moveSome('write', bytes.subarray(written), cancellation);
      }
      return written;
    });
  }

  /** Ends all operations that run or wait, with `reason`. The number is not touched afterwards. */
  close(reason: (syscall: string) => SystemError): void {
    for (const cancellation of this.#running) cancellation.cancel(reason(cancellation.syscall));
    this.#readiness.close();
  }

  async #perform(
    direction: Direction,
    { signal, timeoutMs }: CheckedTransferOptions,
    operation: (cancellation: Cancellation) => Promise<number>,
  ): Promise<number> {
    signal?.throwIfAborted();
    const cancellation = new Cancellation(direction, signal, timeoutMs);
    this.#running.add(cancellation);
    try {
      return await this.#queues[direction].run(cancellation, () => operation(cancellation));
    } finally {
      this.#running.delete(cancellation);
      cancellation.finish();
    }
  }

  async #moveSome(direction: Direction, bytes: Uint8Array, cancellation: Cancellation): Promise<number> {
    for (;;) {
      cancellation.throwIfCancelled();
      this.#isFile ??= withSystemErrors(() => fstatSync(this.#number).isFile());
      const result = transferNow(this.#number, direction, bytes, this.#isFile);
      if (result >= 0) {
        await shareTheLoop(result);
        return result;
      }
      if (-result !== errnoNumber('EAGAIN')) throw new SystemError({ errno: result, syscall: direction });
      await this.#readiness.wait(direction, cancellation);
    }
  }
}
