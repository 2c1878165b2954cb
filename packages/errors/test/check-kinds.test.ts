import { describe, expect, test } from 'vitest';
import {
  abortReason,
  checkAbortSignal,
  checkBoolean,
  checkFunction,
  checkOneOf,
  checkOptions,
  checkString,
  throwIfAborted,
} from '../src/index.ts';
import { caught, hostileObjects, hostileValues, refusal } from './hostile-values.ts';

const typeError = (expected: string): string =>
  `TypeError ERR_INVALID_ARG_TYPE: The "a" argument must be ${expected}. Received `;

describe('checkBoolean', () => {
  test.each([true, false])('gives back %o', (value) => expect(checkBoolean('a', value)).toBe(value));
  test.each([...hostileValues, ['0', 0] as const, ['"true"', 'true'] as const])('refuses %s', (_, value) => {
    expect(refusal(() => checkBoolean('a', value))).toMatch(typeError('of type boolean'));
  });
});

describe('checkString', () => {
  test.each(['', 'x', '\0'])('gives back %j', (value) => expect(checkString('a', value)).toBe(value));
  test.each(hostileValues)('refuses %s', (_, value) => {
    expect(refusal(() => checkString('a', value))).toMatch(typeError('of type string'));
  });
});

describe('checkFunction', () => {
  test('gives back functions, async ones and classes too', () => {
    for (const value of [Math.max, async () => {}, Map]) expect(checkFunction('a', value)).toBe(value);
  });
  test.each(hostileValues.filter(([, value]) => typeof value !== 'function'))('refuses %s', (_, value) => {
    expect(refusal(() => checkFunction('a', value))).toMatch(typeError('of type function'));
  });
});

describe('checkOneOf', () => {
  test('gives back what is allowed', () => {
    expect(checkOneOf('a', 'ofd', ['ofd', 'posix'])).toBe('ofd');
    expect(checkOneOf('a', undefined, ['x', undefined])).toBe(undefined);
    expect(checkOneOf('a', NaN, [NaN])).toBe(NaN);
  });

  test('refuses anything else, and says what would do', () => {
    expect(refusal(() => checkOneOf('options.kind', 'OFD', ['ofd', 'posix', 5, true, null]))).toBe(
      `TypeError ERR_INVALID_ARG_VALUE: The "options.kind" property must be one of 'ofd', 'posix', 5, true, null. Received 'OFD'`,
    );
  });

  test('does not convert', () => {
    for (const value of [['ofd'], new String('ofd'), '5', 1n]) {
      expect(caught(() => checkOneOf('a', value, ['ofd', 5, 1])).name).toBe('TypeError');
    }
  });

  test.each(hostileValues)('refuses %s', (_, value) => {
    expect(refusal(() => checkOneOf('a', value, ['ofd']))).toMatch(
      'ERR_INVALID_ARG_VALUE: The "a" argument must be one of \'ofd\'.',
    );
  });
});

describe('checkOptions', () => {
  class Settings {
    readonly mode = 0o600;
  }

  test.each([
    ['a literal', { mode: 1 }],
    ['a frozen one', Object.freeze({ mode: 1 })],
    ['an instance', new Settings()],
    ['one without a prototype', Object.assign(Object.create(null) as object, { mode: 1 })],
  ])('gives back %s, the same object', (_, value) => expect(checkOptions('a', value)).toBe(value));

  test('undefined means none, each time a new object', () => {
    expect(checkOptions('a', undefined)).toEqual({});
    expect(checkOptions('a', undefined)).not.toBe(checkOptions('a', undefined));
  });

  test.each([
    ...hostileValues.filter(([, value]) => typeof value !== 'object' && value !== undefined),
    ...hostileObjects.filter(([name]) => /array|view/.test(name)),
    ['null', null] as const,
    ['a string', 'utf8'] as const,
    ['a Buffer', Buffer.from('x')] as const,
    ['a DataView', new DataView(new ArrayBuffer(1))] as const,
    ['a revoked Proxy', hostileObjects[0]![1]] as const,
  ])('refuses %s', (_, value) => {
    expect(refusal(() => checkOptions('a', value as object))).toMatch(typeError('of type object'));
  });
});

describe('checkAbortSignal', () => {
  test('gives back a signal, aborted or not, and undefined', () => {
    for (const signal of [AbortSignal.abort(), new AbortController().signal, AbortSignal.timeout(1), undefined]) {
      expect(checkAbortSignal('a', signal)).toBe(signal);
    }
  });

  test('takes the signal of another library', () => {
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
    expect(checkAbortSignal('a', signal)).toBe(signal);
  });

  test.each([
    ...hostileValues.filter(([, value]) => value !== undefined),
    ['a controller', new AbortController()] as const,
    ['an EventTarget', new EventTarget()] as const,
    ['half a signal', { aborted: false }] as const,
    ['a signal whose state is a string', { aborted: 'no', addEventListener() {}, removeEventListener() {} }] as const,
  ])('refuses %s', (_, value) => {
    expect(refusal(() => checkAbortSignal('a', value))).toMatch(typeError('an instance of AbortSignal'));
  });
});

describe('throwIfAborted', () => {
  test('returns for no signal and for one that is not aborted', () => {
    expect(throwIfAborted(undefined)).toBe(undefined);
    expect(throwIfAborted(new AbortController().signal)).toBe(undefined);
  });

  test.each([new Error('mine'), 'text', 0, null])('throws the reason %o as it is', (reason) => {
    const signal = AbortSignal.abort(reason);
    expect(caught(() => throwIfAborted(signal))).toBe(reason);
    expect(abortReason(signal)).toBe(reason);
  });

  test('throws an AbortError when no reason was given', () => {
    expect(caught(() => throwIfAborted(AbortSignal.abort())).name).toBe('AbortError');
  });
});
