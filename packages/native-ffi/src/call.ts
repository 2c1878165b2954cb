import { errnoNumber } from '@osx/errors';

import type { PointerDecoder, ReturnDecoder } from './decode-return.ts';
import { bindLazily } from './internal/bind-lazily.ts';
import type { Native, NativeFunction } from './library.ts';

/**
 * C types of parameters and results. `pointer` takes bytes that C may read and write, or null; `pointers` an array of
 * such, for C's `char **`.
 */
export type CType =
  | 'int'
  | 'uint'
  | 'long'
  | 'ulong'
  | 'size_t'
  | 'ssize_t'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'string'
  | 'pointer'
  | 'pointers';

export type NativeArgument = number | bigint | string | Uint8Array | null | readonly (Uint8Array | null)[];

/** Calls C and returns its value, or the negative errno. */
export type NativeCall = (...args: NativeArgument[]) => number;

/** An address in this process's memory. A bigint, branded: not every bigint may be followed. */
export type Pointer = bigint & { readonly [pointerBrand]: true };
declare const pointerBrand: unique symbol;

export interface CallDefinition {
  /** The function's name in the C library. */
  readonly name: string;
  /** `void` gives 0. */
  readonly returns: CType | 'void';
  readonly parameters: readonly CType[];
  /** Types of the arguments behind `...`. Variadic functions have an ABI of their own on Apple's arm64. */
  readonly variadic?: readonly CType[];
  readonly decode: ReturnDecoder;
}

/**
 * A C function of libc as a JavaScript function that returns its value, or the **negative errno** as system calls do.
 *
 * Nothing is loaded until the first call. A failure with an errno never throws: pass the result through `checked()` to
 * have a `SystemError`, or look at it where the failure is an ordinary answer (EAGAIN).
 *
 * **Gotchas**: arguments are not checked here. koffi cuts a fraction off a number without a word: check before. In a
 * Worker, a `terminate()` that falls into the first native call (10 ms, while koffi loads) aborts the process.
 *
 * @throws {UnsupportedError} `ERR_OSX_NATIVE_UNAVAILABLE` at the first call, where koffi cannot be loaded.
 * @example
 * ```ts
 * import { checked, defineCall, nonNegativeOrError } from '@osx/native-ffi';
 *
 * const getpgid = defineCall({ name: 'getpgid', returns: 'int', parameters: ['int'], decode: nonNegativeOrError });
 * console.log(checked(getpgid(0), 'getpgid') > 0);
 * ```
 */
export function defineCall(definition: CallDefinition): NativeCall {
  const call = bindLazily(({ koffi, libc }) => bindCall(koffi, libc, definition));
  return (...args) => call()(...args);
}

export interface PointerCallDefinition {
  readonly name: string;
  readonly parameters: readonly CType[];
  readonly decode: PointerDecoder;
}

/** A C function that returns an address, as a JavaScript function that returns it, or the negative errno as a number. */
export function definePointerCall(definition: PointerCallDefinition): (...args: NativeArgument[]) => Pointer | number {
  const bound = bindLazily(({ koffi, libc }) => ({
    koffi,
    call: libc.func(definition.name, 'uintptr_t', definition.parameters.map(koffiType)),
  }));
  return (...args) => {
    const { koffi, call } = bound();
    const address = BigInt(call(...args) as number | bigint);
    const errno = koffi.errno();
    return definition.decode.isFailure(address) ? -errno : (address as Pointer);
  };
}

/** @internal */
export function bindCall(koffi: Native['koffi'], library: Native['libc'], definition: CallDefinition): NativeCall {
  const { name, parameters, variadic = [], decode } = definition;
  const types = parameters.map(koffiType);
  const call = library.func(name, koffiType(definition.returns), variadic.length > 0 ? [...types, '...'] : types);
  const invoke: NativeFunction | ((...args: NativeArgument[]) => unknown) =
    variadic.length > 0 ? withVariadicTypes(call, parameters.length, variadic.map(koffiType)) : call;
  const EINTR = errnoNumber('EINTR');
  return (...args) => {
    for (;;) {
      const value = Number((invoke(...args) as number | bigint | undefined) ?? 0);
      const errno = decode.returnsErrno === true ? -value : koffi.errno();
      if (!decode.isFailure(value)) return value;
      if (errno !== EINTR || !decode.retryOnEintr) return -errno;
    }
  };
}

function koffiType(type: CType | 'void'): string {
  if (type === 'pointer') return 'void *';
  if (type === 'pointers') return 'void **';
  if (type === 'string') return 'str';
  return type === 'ssize_t' ? 'intptr_t' : type;
}

/** koffi wants the type before each variadic argument. */
function withVariadicTypes(call: NativeFunction, fixed: number, types: readonly string[]) {
  return (...args: NativeArgument[]): unknown => {
    const typed: unknown[] = args.slice(0, fixed);
    for (const [index, type] of types.entries()) typed.push(type, args[fixed + index]);
    return call(...typed);
  };
}
