import { constants } from 'node:fs';

import { checkBoolean, checkOptions } from '@osx/errors';
import { checked, defineCall, linuxConstants, ownByNode, zeroOrError } from '@osx/native-ffi';

import { closeNative } from './close-native.ts';
import { setCloseOnExec } from './fd-flags.ts';
import { Fd } from './fd.ts';
import { setNonblocking } from './status-flags.ts';

export interface PipeOptions {
  /** Sets O_NONBLOCK on both ends; false by default, as children expect it. `Fd` reads and writes do not need it. */
  nonblocking?: boolean | undefined;
}

export interface Pipe {
  readonly readEnd: Fd;
  readonly writeEnd: Fd;
}

const pipeCall = defineCall({ name: 'pipe', returns: 'int', parameters: ['pointer'], decode: zeroOrError });
const pipe2Call = defineCall({ name: 'pipe2', returns: 'int', parameters: ['pointer', 'int'], decode: zeroOrError });

/**
 * A pipe: what is written at one end is read at the other. Both ends are close-on-exec.
 *
 * **Platform**: on macOS close-on-exec is set after the pipe was made (there is no pipe2): a child that another thread
 * starts in between inherits it.
 *
 * @returns Close both ends. The reader sees the end of file once every copy of the write end is closed.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} `EMFILE`, `ENFILE`.
 * @example
 * ```ts
 * import { pipe } from '@osx/fds';
 *
 * const { readEnd, writeEnd } = pipe();
 * await writeEnd.writeAll('one line\n');
 * writeEnd.close();
 * for await (const chunk of readEnd) console.log(chunk.toString()); // one line
 * readEnd.close();
 * ```
 * @see https://man7.org/linux/man-pages/man2/pipe.2.html
 */
export function pipe(options: PipeOptions = {}): Pipe {
  const { nonblocking = false } = checkOptions('options', options) as PipeOptions;
  checkBoolean('options.nonblocking', nonblocking);
  const [readNumber, writeNumber] = process.platform === 'linux' ? pipe2(nonblocking) : pipeThenFlags(nonblocking);
  let readOwned: number | undefined;
  try {
    readOwned = ownByNode(readNumber);
    return { readEnd: Fd.fresh(readOwned, 'node'), writeEnd: Fd.fresh(ownByNode(writeNumber), 'node') };
  } catch (error) {
    if (readOwned === undefined) closeNative(writeNumber);
    else Fd.adopt(readOwned, { origin: 'node' }).close();
    throw error;
  }
}

function pipe2(nonblocking: boolean): [number, number] {
  const ends = new Int32Array(2);
  const flags = linuxConstants().O_CLOEXEC | (nonblocking ? constants.O_NONBLOCK : 0);
  checked(pipe2Call(bytesOf(ends), flags), 'pipe2');
  return [ends[0] as number, ends[1] as number];
}

function pipeThenFlags(nonblocking: boolean): [number, number] {
  const ends = new Int32Array(2);
  checked(pipeCall(bytesOf(ends)), 'pipe');
  try {
    for (const end of ends) {
      setCloseOnExec(end, true);
      if (nonblocking) setNonblocking(end, true);
    }
  } catch (error) {
    for (const end of ends) closeNative(end);
    throw error;
  }
  return [ends[0] as number, ends[1] as number];
}

function bytesOf(ends: Int32Array): Uint8Array {
  return new Uint8Array(ends.buffer);
}
