import { writeSync } from 'node:fs';

import { asSystemError, hasCode } from '@osx/errors';

const STDOUT = 1;
const STDERR = 2;
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]/gu;

/**
 * Prints a line on standard output. A reader that has gone away is no error.
 *
 * Not by `process.stdout`: that makes a pipe non-blocking, which a program executed afterwards would inherit.
 *
 * @throws {SystemError} ENOSPC, EIO and what else a write says.
 */
export function printLine(line: string): void {
  try {
    writeAll(STDOUT, `${line}\n`);
  } catch (error) {
    if (!hasCode(error, 'EPIPE')) throw asSystemError(error);
  }
}

/** Prints one JSON object as a line. */
export function printJson(value: object): void {
  printLine(JSON.stringify(value));
}

/** Says on standard error what is wrong, in one line. */
export function complain(message: string): void {
  try {
    writeAll(STDERR, `pidfile: ${printable(message)}\n`);
  } catch {
    // There is nowhere left to say it.
  }
}

/** Text that a terminal shows and does not obey. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function writeAll(fd: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      // Somebody else made the pipe non-blocking, and it is full.
      if (!hasCode(error, 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
