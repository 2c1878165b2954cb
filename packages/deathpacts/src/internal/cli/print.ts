import { writeSync } from 'node:fs';

const STDOUT = 1;
const STDERR = 2;
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]/gu;

/** Prints on standard output. */
export function printText(text: string): void {
  write(STDOUT, `${text}\n`);
}

/** Says on standard error what is wrong, in one line that a terminal shows and does not obey. */
export function complain(message: string): void {
  write(STDERR, `deathpact: ${message.replaceAll(CONTROL_CHARACTERS, escaped)}\n`);
}

/** Not by `process.stdout`: that makes a pipe non-blocking, which a program executed afterwards would inherit. */
function write(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {
    // There is nobody who reads it.
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
