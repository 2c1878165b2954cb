import { setCloseOnExec } from '@osx/fds';
import { checked, defineCall, definePointerCall, pointerOrNull, toCString, zeroOrError } from '@osx/native-ffi';

const execvp = defineCall({ name: 'execvp', returns: 'int', parameters: ['pointer', 'pointer'], decode: zeroOrError });
const strdup = definePointerCall({ name: 'strdup', parameters: ['pointer'], decode: pointerOrNull });

/** Node ignores them at its start, and what is ignored stays so in the next program. */
const IGNORED_BY_NODE = ['SIGPIPE', 'SIGXFSZ'] as const;

/** What is executed. */
export interface Execution {
  /** Found along PATH when it has no slash. */
  readonly file: string | Buffer;
  readonly argv: readonly (string | Buffer)[];
  /** Descriptors that the program gets; Node sets close-on-exec on what it finds open at its start. */
  readonly fds: readonly number[];
}

/**
 * Replaces this program by another one (`execvp`), with the environment of this process and every signal handled by default.
 *
 * Not by `process.execve`: on Node 22 and 24 that aborts with a core file where the program cannot be executed, and it
 * knows no PATH and no scripts without `#!`, which child_process runs.
 *
 * @returns Only when it failed: the negative errno.
 */
export function executeProgram({ file, argv, fds }: Execution): number {
  const pointers = BigUint64Array.from([...argv.map(copyOutside), 0n]);
  for (const fd of fds) setCloseOnExec(fd, false);
  for (const signal of IGNORED_BY_NODE) {
    // Without listeners a signal has its default disposition.
    const listener = (): void => {};
    process.on(signal, listener).removeListener(signal, listener);
  }
  return execvp(toCString(file), new Uint8Array(pointers.buffer));
}

/** An address that stays good. It is given back by the new program's start, or this one's end. */
function copyOutside(word: string | Buffer): bigint {
  const address = strdup(toCString(word));
  if (typeof address === 'number') checked(address, 'strdup');
  return address as bigint;
}
