import { errnoName } from '@osx/errors';
import { setCloseOnExec } from '@osx/fcntl';
import { checked, defineCall, definePointerCall, pointerOrNull, toCString, zeroOrError } from '@osx/native-ffi';

const execvp = defineCall({ name: 'execvp', returns: 'int', parameters: ['pointer', 'pointer'], decode: zeroOrError });
const strdup = definePointerCall({ name: 'strdup', parameters: ['pointer'], decode: pointerOrNull });

/** Node ignores them at its start, and what is ignored stays so in the next program. */
const IGNORED_BY_NODE = ['SIGPIPE', 'SIGXFSZ'] as const;

/**
 * Replaces this program by another one (`execvp`): found along PATH, with these very bytes as arguments, the environment,
 * the mask and the standard descriptors of this process, and every signal handled by default.
 *
 * Not by `process.execve`: on Node 22 and 24 that aborts with a core file where the program cannot be executed, and it
 * knows no PATH, no scripts without `#!`, and no arguments that are not UTF-8.
 *
 * @param words The program and its arguments.
 * @returns Only when it failed: the error's code.
 */
export function executeProgram(words: readonly Buffer[]): string {
  const argv = BigUint64Array.from([...words.map(copyOutside), 0n]);
  // Node sets close-on-exec on them.
  for (const fd of [0, 1, 2]) setCloseOnExec(fd, false);
  for (const signal of IGNORED_BY_NODE) {
    // Without listeners a signal has its default disposition.
    const listener = (): void => {};
    process.on(signal, listener).removeListener(signal, listener);
  }
  const result = execvp(toCString(words[0] as Buffer), new Uint8Array(argv.buffer));
  return errnoName(result) ?? 'UNKNOWN';
}

/** An address that stays good. It is given back by the new program's start, or this one's end. */
function copyOutside(word: Buffer): bigint {
  const address = strdup(toCString(word));
  if (typeof address === 'number') checked(address, 'strdup');
  return address as bigint;
}
