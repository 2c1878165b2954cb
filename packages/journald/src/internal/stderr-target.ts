import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

import { hasCode, withSystemErrors } from '@osx/errors';
import { watchFd } from '@osx/native-ffi';

import { plainEntry, visible } from './read-entry.ts';
import type { Target } from './target.ts';
import { afterAWhile } from './wait.ts';
import type { Wait } from './wait.ts';

/** Standard error, in lines that begin with `<N>`, as sd-daemon(3) has it. */
export class StderrTarget implements Target {
  readonly kind = 'stderr';
  readonly #fd: number;
  readonly #isOwn: boolean;
  #rest: { readonly entry: Buffer; bytes: Uint8Array } | undefined;

  constructor(fd = 2) {
    const own = ownOpening(fd);
    this.#fd = own ?? fd;
    this.#isOwn = own !== undefined;
  }

  tryWrite(entry: Buffer): 'sent' | 'full' {
    if (this.#rest?.entry !== entry) this.#rest = { entry, bytes: stderrLines(entry) };
    const rest = this.#rest;
    try {
      while (rest.bytes.length > 0) {
        rest.bytes = rest.bytes.subarray(withSystemErrors(() => writeSync(this.#fd, rest.bytes)));
      }
    } catch (error) {
      if (hasCode(error, 'EAGAIN')) return 'full';
      throw error;
    }
    this.#rest = undefined;
    return 'sent';
  }

  awaitRoom(callback: () => void): Wait {
    try {
      const watch = watchFd(this.#fd, { writable: true }, () => {
        watch.close();
        callback();
      });
      return { ref: () => void watch.ref(), unref: () => void watch.unref(), cancel: () => watch.close() };
    } catch {
      return afterAWhile(callback);
    }
  }

  close(): void {
    if (this.#isOwn) closeSync(this.#fd);
  }
}

/** Every line of the text as one that carries the priority. */
export function stderrLines(entry: Buffer): Buffer {
  const { text, priority } = plainEntry(entry);
  const lines = text.replace(/\n$/, '').split('\n');
  return Buffer.from(lines.map((line) => `<${priority}>${visible(line)}\n`).join(''));
}

/**
 * A pipe or terminal opened again, so that writing never waits: O_NONBLOCK on the descriptor itself would be seen by all
 * that share it.
 */
function ownOpening(fd: number): number | undefined {
  try {
    const stat = fstatSync(fd);
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return undefined;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
