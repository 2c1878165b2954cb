import { runInNewContext } from 'node:vm';

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached(): Uint8Array<ArrayBuffer> {
  const view = new Uint8Array(8);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

const explode = (): never => {
  throw new Error('the value’s own code was run');
};

const throwingTrap = new Proxy({}, { get: explode, has: explode, getPrototypeOf: explode, ownKeys: explode });

/** What no check may be broken by: each is refused by every check that does not want exactly its kind. */
export const hostileObjects: [name: string, value: object][] = [
  ['a revoked Proxy', revoked({})],
  ['a revoked Proxy of a function', revoked(() => 0)],
  ['a revoked Proxy of an array', revoked([])],
  ['a Proxy whose traps throw', throwingTrap],
  ['an object whose conversions throw', { toString: explode, valueOf: explode, [Symbol.toPrimitive]: explode }],
  ['an object whose properties throw', hostileProperties()],
  ['an object that throws in constructor.name', { constructor: Object.defineProperty({}, 'name', { get: explode }) }],
  ['an object of another realm', runInNewContext('({})') as object],
  ['an object without a prototype', Object.create(null) as object],
  ['a boxed string', new String('/x')],
  ['a boxed number', new Number(1)],
  ['an array', ['/x']],
  ['a detached view', detached()],
  ['a Date', new Date(NaN)],
];

export const hostileValues: [name: string, value: unknown][] = [
  ...hostileObjects,
  ['undefined', undefined],
  ['null', null],
  ['a symbol', Symbol('path')],
  ['a bigint', 10n],
  ['a huge bigint', 1n << 100_000n],
  ['NaN', NaN],
  ['1e21', 1e21],
  ['a function', explode],
];

function hostileProperties(): object {
  const keys = ['code', 'href', 'protocol', 'aborted', 'length', 'constructor', 'name'];
  const value = Object.defineProperties({}, Object.fromEntries(keys.map((key) => [key, { get: explode }])));
  return Object.defineProperty(value, Symbol.for('@osx/errors/SystemError'), { get: explode });
}

/** What the action throws. */
export function caught(action: () => unknown): Error & { code?: unknown; cause?: unknown } {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** Code and message of the TypeError or RangeError that the action throws. */
export function refusal(action: () => unknown): string {
  const error = caught(action);
  return `${error.name} ${String(error.code)}: ${error.message}`;
}
