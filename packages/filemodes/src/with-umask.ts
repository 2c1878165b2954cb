import { checkFunction, checkInteger, invalidArgValue, UnsupportedError } from '@osx/errors';

/**
 * Calls a function with another umask, and puts the former back, also when it throws.
 *
 * Synchronous only, and on the main thread only, because the umask belongs to the whole process. An async function
 * would run on after its first `await` with the umask that everybody has, and hold the changed one over everybody else
 * until then: it is refused. Workers cannot set the umask at all (Node refuses). Where this is not legal, give `mode`
 * to the call that creates, and `chmod` what must have more than the umask allows.
 *
 * **Gotchas**: what Node's thread pool does meanwhile (an `fs.promises` call that began earlier) sees the changed umask
 * too. Only to a stricter umask is it always safe to go.
 *
 * @param mask The umask for the call: 0 to 0o777.
 * @param callback Called once, at once.
 * @returns What it returns.
 * @throws {UnsupportedError} `ENOTSUP` in a Worker; the callback was not called.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for an async function or a generator, before it is called, and for any other that returned
 *   a promise, after its synchronous part ran; the umask is back by then. `ERR_INVALID_ARG_TYPE`.
 * @throws {RangeError} `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import { statSync, writeFileSync } from 'node:fs';
 * import { formatPermissions, withUmask } from '@osx/filemodes';
 *
 * withUmask(0o077, () => writeFileSync('private', ''));
 * console.log(formatPermissions(statSync('private').mode)); // 0600
 * ```
 * @see https://man7.org/linux/man-pages/man2/umask.2.html
 */
export function withUmask<Result>(mask: number, callback: () => Result): Result {
  checkInteger('mask', mask, { min: 0, max: 0o777 });
  checkFunction('callback', callback);
  if (runsLater(callback)) throw invalidArgValue('callback', 'a synchronous function', callback);
  if (!process.getBuiltinModule('node:worker_threads').isMainThread) {
    throw new UnsupportedError({
      feature: 'withUmask',
      requires: 'the main thread: the umask belongs to the whole process, and Node lets no Worker set it',
    });
  }
  const before = process.umask(mask);
  let result: Result;
  try {
    result = callback();
  } finally {
    process.umask(before);
  }
  if (isThenable(result)) throw invalidArgValue('callback', 'a function that returns no promise', callback);
  return result;
}

/** An async function or a generator: its body, or a part of it, runs after it has returned. */
function runsLater(callback: unknown): boolean {
  return /^\[object (AsyncFunction|(Async)?GeneratorFunction)\]$/.test(Object.prototype.toString.call(callback));
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
