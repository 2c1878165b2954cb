import { constants } from 'node:os';

import { describe, expect, test } from 'vitest';

import { parseSignal, signalName, signals } from '@osx/signals';

import { signalNumber } from '../src/internal/signal-number.ts';
import { nameOf, namesIn } from '../src/internal/signal-names.ts';
import { tableOfNode } from '../src/internal/signal-table.ts';
import { DARWIN_SIGNALS } from '../src/internal/signals-darwin.ts';
import { FREEBSD_SIGNALS } from '../src/internal/signals-freebsd.ts';
import { LINUX_SIGNALS } from '../src/internal/signals-linux.ts';

const systems = { linux: LINUX_SIGNALS, darwin: DARWIN_SIGNALS, freebsd: FREEBSD_SIGNALS };

describe.each(Object.entries(systems))('the table of %s', (_, table) => {
  const all = [...namesIn(table)];

  test.each(all)('%s is %d, and back, in every spelling', (name, number) => {
    expect(nameOf(number, table)).toBe(name);
    const bare = name.slice('SIG'.length);
    for (const spelling of [name, bare, name.toLowerCase(), bare.toLowerCase(), number, `${number}`]) {
      expect(signalNumber('signal', spelling, table)).toBe(number);
    }
  });

  test('is in order of numbers, each once', () => {
    const numbers = all.map(([, number]) => number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  });

  test('its second names are no first names, and have their numbers', () => {
    for (const [name, number] of Object.entries(table.aliases)) {
      expect(nameOf(number, table)).not.toBe(name);
      expect(signalNumber('signal', name, table)).toBe(number);
      expect(signalNumber('signal', name.slice('SIG'.length).toLowerCase(), table)).toBe(number);
    }
  });
});

// From sys/signal.h of each system.
test.each([
  ['SIGHUP', 1, 1, 1],
  ['SIGBUS', 7, 10, 10],
  ['SIGUSR1', 10, 30, 30],
  ['SIGUSR2', 12, 31, 31],
  ['SIGTERM', 15, 15, 15],
  ['SIGCHLD', 17, 20, 20],
  ['SIGSTOP', 19, 17, 17],
  ['SIGTSTP', 20, 18, 18],
  ['SIGCONT', 18, 19, 19],
  ['SIGURG', 23, 16, 16],
  ['SIGIO', 29, 23, 23],
  ['SIGSYS', 31, 12, 12],
] as const)('%s has a number of its own per system', (name, linux, darwin, freebsd) => {
  expect(Object.values(systems).map((table) => signalNumber('signal', name, table))).toEqual([linux, darwin, freebsd]);
});

test('what only some systems have', () => {
  expect(signalNumber('signal', 'INFO', DARWIN_SIGNALS)).toBe(29);
  expect(() => signalNumber('signal', 'INFO', LINUX_SIGNALS)).toThrow(/Received 'INFO'/);
  expect(() => signalNumber('signal', 'PWR', DARWIN_SIGNALS)).toThrow(/Received 'PWR'/);
  expect(() => signalNumber('signal', 'SIGRTMIN', DARWIN_SIGNALS)).toThrow(/Received 'SIGRTMIN'/);
  expect(signalNumber('signal', 'SIGRTMIN', FREEBSD_SIGNALS)).toBe(65);
  expect(signalNumber('signal', 'SIGRTMAX', FREEBSD_SIGNALS)).toBe(126);
});

test('where there is no table, the signals of Node: of synonyms the first', () => {
  const table = tableOfNode({ SIGABRT: 6, SIGIOT: 6, SIGTERM: 15, SIGBREAK: 21, SIGHUP: 1 });
  expect([...namesIn(table)]).toEqual([
    ['SIGHUP', 1],
    ['SIGABRT', 6],
    ['SIGTERM', 15],
    ['SIGBREAK', 21],
  ]);
  expect(signalNumber('signal', 'IOT', table)).toBe(6);
  expect(() => signalNumber('signal', 22, table)).toThrow(/1 to 21/);
});

test('this platform is as Node sees it', () => {
  for (const [name, number] of Object.entries(constants.signals))
    expect([name, parseSignal(name)]).toEqual([name, number]);
});

test('real-time signals from both ends', () => {
  const of = (name: string): number => signalNumber('signal', name, LINUX_SIGNALS);
  expect(['RTMIN', 'RTMIN+0', 'RTMIN+3', 'SIGRTMIN+30', 'sigrtmin+10'].map(of)).toEqual([34, 34, 37, 64, 44]);
  expect(['RTMAX', 'RTMAX-0', 'SIGRTMAX-14', 'rtmax-30'].map(of)).toEqual([64, 64, 50, 34]);
});

test('the names of numbers', () => {
  expect([1, 6, 17, 29, 34, 35, 49, 50, 63, 64].map((number) => nameOf(number, LINUX_SIGNALS))).toEqual([
    'SIGHUP',
    'SIGABRT',
    'SIGCHLD',
    'SIGIO',
    'SIGRTMIN',
    'SIGRTMIN+1',
    'SIGRTMIN+15',
    'SIGRTMIN+16',
    'SIGRTMIN+29',
    'SIGRTMAX',
  ]);
});

test('0 is the probe', () => {
  expect([parseSignal(0), parseSignal('0'), Object.is(parseSignal(-0), 0)]).toEqual([0, 0, true]);
});

test('a map that was changed by its owner changes nothing', () => {
  (signals() as Map<string, number>).clear();
  expect(signals().get('SIGTERM')).toBe(15);
  expect(signals()).not.toBe(signals());
});

const INVALID = 'ERR_INVALID_ARG_VALUE';
const RANGE = 'ERR_OUT_OF_RANGE';

test.each([
  '',
  ' ',
  ' TERM',
  'TERM ',
  'TERM\n',
  'SIG',
  'SIGSIGTERM',
  'SIG3',
  'SIG15',
  'TERMS',
  'EXIT',
  'SIG_DFL',
  'toString',

  'RTMIN3',
  'RTMIN+',
  'RTMIN+-3',
  'RTMIN-3',
  'RTMAX+1',
  'RTMIN+03',
  'RTMIN + 3',
  'RTMIN+3.5',
  'RTMIN+0x3',
  'RTMIN+1e1',
  '015',
  '+15',
  '-15',
  '15.0',
  '0x0f',
  '1e1',
  '１５',
  'ſigterm',
  'TERM\0',
  'NaN',
  'Infinity',
  '-0',
  '__proto__',
])('%j is no signal', (text) => {
  expect(() => signalNumber('signal', text, LINUX_SIGNALS)).toThrow(expect.objectContaining({ code: INVALID }));
  expect(() => parseSignal(text)).toThrow(TypeError);
});

test.each([32, 33, 65, 999, -1, -15, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 + 15])(
  'the number %d is no signal',
  (number) => {
    expect(() => signalNumber('signal', number, LINUX_SIGNALS)).toThrow(expect.objectContaining({ code: RANGE }));
    expect(() => parseSignal(number)).toThrow(RangeError);
    expect(() => signalName(number)).toThrow(expect.objectContaining({ code: RANGE }));
  },
);

test.each(['32', '33', '65', '999', '99999999999', 'RTMIN+31', 'RTMAX-31', 'SIGRTMIN+4294967296'])(
  '%s is no signal',
  (text) => {
    expect(() => signalNumber('signal', text, LINUX_SIGNALS)).toThrow(/must be/);
    expect(() => parseSignal(text)).toThrow(
      expect.objectContaining({ name: expect.stringMatching(/^(Range|Type)Error$/) }),
    );
  },
);

test.each([[undefined], [null], [true], [15n], [{}], [['SIGTERM']], [Symbol('SIGTERM')], [new String('SIGTERM')]])(
  '%o is of the wrong type',
  (value) => {
    const error = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(() => parseSignal(value as unknown as string)).toThrow(error);
    expect(() => signalName(value as unknown as number)).toThrow(error);
  },
);

test('messages say what is wrong', () => {
  expect(() => signalNumber('signal', 33, LINUX_SIGNALS)).toThrow(/33 belongs to the threads of the C library/);
  expect(() => signalNumber('signal', 'RTMIN+31', LINUX_SIGNALS)).toThrow(/SIGRTMIN to SIGRTMIN\+30/);
  expect(() => signalNumber('signal', 65, LINUX_SIGNALS)).toThrow(/1 to 64\. Received 65/);
  expect(() => signalName(0)).toThrow(/Received 0/);
  expect(() => signalName('15' as unknown as number)).toThrow(/of type number/);
});
