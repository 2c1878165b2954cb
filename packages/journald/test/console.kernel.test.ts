import { Console } from 'node:console';
import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { captureConsole, JournalConsole } from '@osx/journald/console';
import type { CaptureConsoleOptions, ConsoleCapture } from '@osx/journald/console';
import { expectNoNewFds, needs, openFds, runFixture, startJournald } from '@osx/test-support';
import type { JournalEntry, TestJournald } from '@osx/test-support';

const FIXTURE = new URL('./fixtures/capture-console.ts', import.meta.url);
const METHODS = ['debug', 'dir', 'dirxml', 'error', 'info', 'log', 'trace', 'warn'] as const;

needs('journald').describe('captureConsole', () => {
  test('methods and their priorities', async () => {
    await using journald = await startJournald();
    await withCapture(journald, {}, (target) => {
      for (const method of METHODS) target[method](`by ${method}`);
      target.assert(true, 'not this');
      target.assert(false, 'but that');
      target.table([1]);
      target.count('c');
      target.group('g');
      target.groupEnd();
    });
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => [entry.text('LEVEL'), entry.text('PRIORITY')])).toEqual([
      ['debug', '7'],
      ['dir', '6'],
      ['dirxml', '6'],
      ['error', '3'],
      ['info', '6'],
      ['log', '6'],
      ['trace', '7'],
      ['warn', '4'],
      ['warn', '4'],
      ['log', '6'],
      ['log', '6'],
      ['log', '6'],
    ]);
    expect(entries.slice(7).map((entry) => entry.text('MESSAGE')?.split('\n')[0])).toEqual([
      'by warn',
      'Assertion failed: but that',
      '┌─────────┬────────┐',
      'c: 1',
      'g',
    ]);
  });

  test('a call is an entry, as Node formats it, without colours', async () => {
    await using journald = await startJournald();
    const circle: Record<string, unknown> = { a: { b: { c: { d: 1 } } }, text: 'ü' };
    circle['self'] = circle;
    const calls: unknown[][] = [
      [],
      [''],
      ['two\nlines\n'],
      ['%s is %d%% of %j, %o %c', 'x', 5, { a: 1 }, [1], 'css', 'more', { b: [2] }],
      [circle],
      [new Map([['k', new Set([1])]]), Symbol('s'), 1n, -0, undefined, null],
      ['\u001b[31mred\u001b[39m\0'],
      [{ [inspect.custom]: () => 'custom' }],
      [Buffer.from('b')],
    ];
    const expected: string[] = [];
    const plain = new Console({ stdout: sink(expected), ignoreErrors: false, colorMode: false });
    for (const call of calls) plain.log(...call);
    await withCapture(journald, {}, (target) => {
      for (const call of calls) target.log(...call);
      target.dir(circle, { depth: 0 });
    });
    plain.dir(circle, { depth: 0 });
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => `${entry.text('MESSAGE')}\n`)).toEqual(expected);
  });

  test("Node's options of how objects are shown", async () => {
    await using journald = await startJournald();
    await withCapture(journald, { inspectOptions: { depth: 0, compact: true } }, (target) =>
      target.log({ a: { b: 1 } }),
    );
    expect((await entriesOf(journald))[0]?.text('MESSAGE')).toBe('{ a: [Object] }');
  });

  test('console.trace shows the line that calls it, and nothing of ours', async () => {
    await using journald = await startJournald();
    await withCapture(journald, { callSite: true }, function callsTrace(target) {
      target.trace('here %d', 1);
      target.log('there');
      target.table([1]);
    });
    const [trace, log, table] = await entriesOf(journald);
    expect(trace?.text('MESSAGE')).toMatch(/^Trace: here 1\n {4}at .*callsTrace.*console\.kernel\.test\.ts\S*:\d+:\d+/);
    expect(log?.text('CODE_FILE')).toBe(import.meta.filename);
    expect(Number(log?.text('CODE_LINE'))).toBe(Number(trace?.text('CODE_LINE')) + 1);
    expect(log?.text('CODE_FUNC')).toMatch(/callsTrace/);
    // Node calls console.log for it.
    expect(table?.text('CODE_FILE')).toBeUndefined();
  });

  test('an object that logs while it is shown', async () => {
    await using journald = await startJournald();
    await withCapture(journald, {}, (target) => {
      target.error({
        [inspect.custom]() {
          target.debug('inside');
          return 'shown';
        },
      });
    });
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => [entry.text('MESSAGE'), entry.text('PRIORITY')])).toEqual([
      ['inside', '7'],
      ['shown', '3'],
    ]);
  });

  test('fields and priorities of the options; names in a message inject nothing', async () => {
    await using journald = await startJournald();
    const options = { fields: { SYSLOG_FACILITY: 'local1' }, priorities: { log: 'notice', dir: 7 }, identifier: 'me' };
    await withCapture(journald, options, (target) => {
      target.log('a\nPRIORITY=0\n\nMESSAGE=b');
      target.dir(1);
    });
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => entry.text('PRIORITY'))).toEqual(['5', '7']);
    expect(entries[0]?.text('MESSAGE')).toBe('a\nPRIORITY=0\n\nMESSAGE=b');
    expect([entries[0]?.text('SYSLOG_FACILITY'), entries[0]?.text('SYSLOG_IDENTIFIER')]).toEqual(['17', 'me']);
  });

  test('passThrough calls what was there, with what it was called with', async () => {
    await using journald = await startJournald();
    const target = quietConsole();
    const log = vi.spyOn(target, 'log');
    const thing = {};
    {
      await using _capture = captureConsole({ socketPath: journald.socketPath, console: target, passThrough: true });
      target.log('both', thing);
    }
    expect(log.mock.calls).toEqual([['both', thing]]);
    expect(log.mock.calls[0]?.[1]).toBe(thing);
    expect((await entriesOf(journald)).length).toBe(1);
  });

  test('flush; and a console that is captured while journald does not read', async () => {
    await using journald = await startJournald();
    await journald.pause();
    await using idle = captureConsole({ socketPath: journald.socketPath, console: quietConsole(), queueLimit: 3 });
    expect(idle.dropped).toBe(0);
    const target = quietConsole();
    await using second = captureConsole({ socketPath: journald.socketPath, console: target });
    for (let n = 0; n < 100; n += 1) target.log(n);
    journald.resume();
    await second.flush();
    expect((await entriesOf(journald)).length).toBe(100);
  });

  test('the global one is the default', async () => {
    await using journald = await startJournald();
    const before = METHODS.map((method) => Object.getOwnPropertyDescriptor(console, method));
    {
      await using _capture = captureConsole({ socketPath: journald.socketPath });
      console.log('global');
    }
    expect(METHODS.map((method) => Object.getOwnPropertyDescriptor(console, method))).toEqual(before);
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(['global']);
  });

  test('what it opens it closes', async () => {
    await using journald = await startJournald();
    const before = openFds();
    await withCapture(journald, {}, (target) => target.log('line'));
    {
      await using own = new JournalConsole({ socketPath: journald.socketPath });
      own.log('line');
    }
    expectNoNewFds(before);
  });

  test.each([
    ['return', 0, ''],
    ['exit', 3, ''],
    ['throw', 1, ''],
    ['dispose', 0, 'on standard output again\n'],
  ])('a process that ends by %s leaves nothing behind', async (ending, code, stdout) => {
    await using journald = await startJournald();
    const result = await runFixture(FIXTURE, [journald.socketPath, '1000', ending]);
    expect([result.code, result.stdout]).toEqual([code, stdout]);
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(
      Array.from({ length: 1_000 }, (_, n) => `line ${n}`),
    );
  });
});

needs('journald').describe('captures put back what they found', () => {
  test('in any order of their ends', async () => {
    await using journald = await startJournald();
    for (const order of ['012', '021', '102', '120', '201', '210']) {
      const target = quietConsole();
      const before = descriptors(target);
      const captures = [0, 1, 2].map((n) => capture(journald, target, { fields: { CAPTURE: n } }));
      const open = new Set([0, 1, 2]);
      for (const n of order) {
        target.log(`${order}: ${Math.max(...open)}`);
        captures[Number(n)]?.[Symbol.dispose]();
        captures[Number(n)]?.[Symbol.dispose]();
        open.delete(Number(n));
      }
      expect(descriptors(target)).toEqual(before);
    }
    const entries = await entriesOf(journald);
    expect(entries.length).toBe(18);
    for (const entry of entries) expect(entry.text('MESSAGE')?.at(-1)).toBe(entry.text('CAPTURE'));
  });

  test('what others put there meanwhile stays, and comes through to what was there', async () => {
    await using journald = await startJournald();
    const written: string[] = [];
    const target = quietConsole(written);
    const first = capture(journald, target);
    const log = methodOf(target, 'log');
    const theirs = (...args: unknown[]): void => log('theirs', ...args);
    target.log = theirs;
    const second = capture(journald, target);
    first[Symbol.dispose]();
    target.log('to the second');
    second[Symbol.dispose]();
    expect(methodOf(target, 'log')).toBe(theirs);
    target.log('through');
    expect(written).toEqual(['theirs through\n']);
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(['to the second']);
  });

  test('methods that are inherited, accessors, or missing', async () => {
    await using journald = await startJournald();
    const written: string[] = [];
    const parent = quietConsole(written);
    const target = Object.create(parent) as Console;
    Object.defineProperty(target, 'info', { get: () => methodOf(parent, 'log'), configurable: true });
    Object.defineProperty(target, 'dirxml', { value: undefined, configurable: true });
    const before = descriptors(target);
    const open = capture(journald, target, { passThrough: true });
    target.log('inherited');
    target.info('accessor');
    target.dirxml('missing');
    open[Symbol.dispose]();
    expect(descriptors(target)).toEqual(before);
    target.log('again');
    expect(written).toEqual(['inherited\n', 'accessor\n', 'again\n']);
    expect((await entriesOf(journald)).length).toBe(3);
  });

  test('bad options replace nothing', () => {
    const target = quietConsole();
    const before = descriptors(target);
    for (const bad of [
      { queueLimit: 0 },
      { passThrough: 1 },
      { inspectOptions: 1 },
      { fields: { a: 1 } },
      { callSite: 1 },
    ]) {
      expect(() => captureConsole({ console: target, ...bad } as object)).toThrow(/must be|options/);
    }
    expect(() => captureConsole(null as never)).toThrow(TypeError);
    expect(descriptors(target)).toEqual(before);
  });
});

needs('journald').describe('JournalConsole', () => {
  test('is a Console, groups included', async () => {
    await using journald = await startJournald();
    {
      await using own = new JournalConsole({ socketPath: journald.socketPath });
      expect(own).toBeInstanceOf(Console);
      own.group('outer');
      own.warn('in\nside');
      own.groupEnd();
      own.debug('out');
      own.trace('t');
      expect(own.dropped).toBe(0);
      await own.flush();
    }
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => [entry.text('LEVEL'), entry.text('MESSAGE')?.split('    at')[0]])).toEqual([
      ['log', 'outer'],
      ['warn', '  in\n  side'],
      ['debug', 'out'],
      ['trace', 'Trace: t\n'],
    ]);
  });
});

function capture(journald: TestJournald, target: Console, options: CaptureConsoleOptions = {}): ConsoleCapture {
  return captureConsole({ socketPath: journald.socketPath, console: target, ...options });
}

async function withCapture(
  journald: TestJournald,
  options: CaptureConsoleOptions,
  use: (target: Console) => void,
): Promise<void> {
  const target = quietConsole();
  await using _capture = capture(journald, target, options);
  use(target);
}

/** A console like the global one, that writes to nobody. */
function quietConsole(written: string[] = []): Console {
  return new Console({ stdout: sink(written), ignoreErrors: false });
}

function sink(written: string[]): NodeJS.WritableStream {
  return { write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WritableStream;
}

function methodOf(target: Console, method: (typeof METHODS)[number]): (...args: unknown[]) => void {
  return Reflect.get(target, method) as (...args: unknown[]) => void;
}

function descriptors(target: Console): (PropertyDescriptor | undefined)[] {
  return METHODS.map((method) => Object.getOwnPropertyDescriptor(target, method));
}

async function entriesOf(journald: TestJournald): Promise<JournalEntry[]> {
  return journald.export(['_TRANSPORT=journal']);
}
