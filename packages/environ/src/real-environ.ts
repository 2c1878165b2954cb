import { checkOneOf, checkOptions, invalidArgType, invalidArgValue, SystemError } from '@osx/errors';
import { checked, defineCall, definePointerCall, pointerOrNull, toCString, zeroOrError } from '@osx/native-ffi';
import { textAt } from './internal/c-string-at.ts';
import { checkVariableName, checkVariableValue } from './internal/check-environ.ts';

const getenv = definePointerCall({ name: 'getenv', parameters: ['pointer'], decode: pointerOrNull });
const setenv = defineCall({
  name: 'setenv',
  returns: 'int',
  parameters: ['pointer', 'pointer', 'int'],
  decode: zeroOrError,
});
const unsetenv = defineCall({ name: 'unsetenv', returns: 'int', parameters: ['pointer'], decode: zeroOrError });

/** As what a value is given. */
export interface RealEnvironOptions<Encoding extends 'utf8' | 'buffer' = 'utf8' | 'buffer'> {
  /** `'buffer'`: the bytes as they are. Default `'utf8'`. */
  readonly encoding?: Encoding | undefined;
}

/**
 * The value of a variable in the environment of the process itself (getenv(3)), where C and native libraries look.
 *
 * `process.env` of the main thread is that environment; but that of a Worker is a copy from when it started, and both show
 * bytes that are not UTF-8 as U+FFFD.
 *
 * **Platform** Linux; Darwin not run.
 *
 * **Gotchas**: the environment belongs to all threads, and C has no lock for it. While another thread of the process sets a variable,
 * reading one here may crash with C libraries before glibc 2.41: set variables before starting Workers.
 *
 * @param name Without `=` and NUL.
 * @returns `undefined` when it is not set. What is empty is empty.
 * @throws {SystemError} EILSEQ when the value is not UTF-8 and not asked for as bytes.
 * @throws {TypeError} on a bad argument, before any call.
 * @example
 * ```ts
 * import { getRealEnviron } from '@osx/environ';
 *
 * process.env.GREETING = 'hello';
 * console.log(getRealEnviron('GREETING'), getRealEnviron('GREETING', { encoding: 'buffer' })); // hello <Buffer 68 65 6c 6c 6f>
 * ```
 * @see https://man7.org/linux/man-pages/man3/getenv.3.html
 */
export function getRealEnviron(name: string, options?: RealEnvironOptions<'utf8'>): string | undefined;
export function getRealEnviron(name: string, options: RealEnvironOptions<'buffer'>): Buffer | undefined;
export function getRealEnviron(name: string, options?: RealEnvironOptions): string | Buffer | undefined {
  checkVariableName('name', name);
  const { encoding = 'utf8' } = checkOptions<RealEnvironOptions>('options', options);
  checkOneOf('options.encoding', encoding, ['utf8', 'buffer']);
  const address = getenv(toCString(name));
  // A number is the failure: NULL.
  if (typeof address === 'number') return undefined;
  const bytes = textAt(address);
  if (encoding === 'buffer') return bytes;
  if (!process.getBuiltinModule('node:buffer').isUtf8(bytes)) {
    throw new SystemError({ code: 'EILSEQ', syscall: 'getenv', message: `the value of ${name} is not UTF-8` });
  }
  return bytes.toString();
}

/**
 * Sets a variable in the environment of the process itself (setenv(3)): native libraries, `process.env` of the main thread and
 * children that it starts see it; other Workers do not.
 *
 * **Platform** Linux; Darwin not run.
 *
 * **Gotchas**: as {@link getRealEnviron}, and worse, since it is a change: any thread that reads meanwhile may crash. Node is not
 * told: after `TZ`, `Date` still has the former time zone, where an assignment to `process.env.TZ` on the main thread tells it.
 *
 * @param name Without `=` and NUL, not empty.
 * @param value Text, or bytes, which need not be UTF-8; without NUL.
 * @throws {TypeError} on a bad argument, before any call.
 * @throws {SystemError} ENOMEM.
 * @example
 * ```ts
 * import { setRealEnviron } from '@osx/environ';
 *
 * setRealEnviron('MALLOC_ARENA_MAX', '2');
 * console.log(process.env.MALLOC_ARENA_MAX); // 2
 * ```
 * @see https://man7.org/linux/man-pages/man3/setenv.3.html
 */
export function setRealEnviron(name: string, value: string | Uint8Array): void {
  checkVariableName('name', name);
  const bytes = valueBytes(value);
  checked(setenv(toCString(name), toCString(bytes), 1), 'setenv');
}

/**
 * Takes a variable out of the environment of the process itself (unsetenv(3)); one that is not there is no error.
 *
 * **Platform** and **Gotchas** as {@link setRealEnviron}.
 *
 * @param name Without `=` and NUL, not empty.
 * @throws {TypeError} on a bad argument, before any call.
 * @example
 * ```ts
 * import { unsetRealEnviron } from '@osx/environ';
 *
 * process.env.GREETING = 'hello';
 * unsetRealEnviron('GREETING');
 * console.log(process.env.GREETING); // undefined
 * ```
 * @see https://man7.org/linux/man-pages/man3/unsetenv.3.html
 */
export function unsetRealEnviron(name: string): void {
  checkVariableName('name', name);
  checked(unsetenv(toCString(name)), 'unsetenv');
}

function valueBytes(value: unknown): string | Uint8Array {
  if (typeof value === 'string') return checkVariableValue('value', value);
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]') {
    throw invalidArgType('value', 'of type string or an instance of Buffer or Uint8Array', typeof value);
  }
  const bytes = value as Uint8Array;
  if (bytes.includes(0)) throw invalidArgValue('value', 'without null bytes', '<withheld>');
  return bytes;
}
