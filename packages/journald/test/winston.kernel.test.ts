import { afterAll, afterEach, beforeEach, describe, expect, it, test } from 'vitest';
// @ts-expect-error -- it has no types
import abstractSuite from 'abstract-winston-transport';
import winston from 'winston';
import TransportStream from 'winston-transport';
import { JournaldTransport } from '@osx/journald/winston';
import type { JournaldTransportOptions } from '@osx/journald/winston';
import { eventually, expectNoNewFds, needs, openFds, runFixture, startJournald } from '@osx/test-support';
import type { JournalEntry, TestJournald } from '@osx/test-support';

const FIXTURE = new URL('./fixtures/winston-and-exit.ts', import.meta.url);

needs('journald').describe("winston's own test suite", () => {
  let journald: TestJournald;
  let transports: JournaldTransport[] = [];
  beforeEach(async () => {
    journald ??= await startJournald();
  });
  afterAll(async () => {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
    for (const transport of transports) transport.close();
    transports = [];
    await journald[Symbol.asyncDispose]();
  });

  class Tested extends JournaldTransport {
    constructor(options?: JournaldTransportOptions) {
      super(options);
      transports.push(this);
    }
  }

  // The suite is written for mocha.
  const globals = { describe, it: withDone(it), beforeEach, afterEach: withDone(afterEach), after: withDone(afterAll) };
  Object.assign(globalThis, globals);
  (abstractSuite as (options: object) => void)({
    name: 'JournaldTransport',
    Transport: Tested,
    construct: () => ({ socketPath: journald.socketPath }),
  });

  test('what it logged is in the journal', async () => {
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => [entry.text('MESSAGE'), entry.text('PRIORITY')])).toEqual(
      Array.from({ length: 3 }, () => ['foo', '7']),
    );
  });
});

needs('journald').describe('a logger of winston', () => {
  test.each(['npm', 'cli', 'syslog'] as const)('the levels of %s', async (set) => {
    await using journald = await startJournald();
    const { levels } = winston.config[set];
    const [logger, transport] = loggerOf(journald, { level: Object.keys(levels).at(-1) }, { levels });
    for (const level of Object.keys(levels)) logger.log(level, `by ${level}`);
    await finished(logger);
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => entry.text('LEVEL'))).toEqual(Object.keys(levels));
    expect(entries.map((entry) => entry.text('MESSAGE'))).toEqual(Object.keys(levels).map((level) => `by ${level}`));
    expect(transport.dropped).toBe(0);
  });

  test('is one of its transports in all respects', async () => {
    await using journald = await startJournald();
    const [logger, transport] = loggerOf(journald, { level: 'warn', format: winston.format.label({ label: 'l' }) });
    const asTransport: TransportStream = transport;
    expect(asTransport).toBeInstanceOf(TransportStream);
    logger.info('below');
    logger.warn('above', { a: { b: 1 } });
    transport.silent = true;
    logger.error('silent');
    await finished(logger);
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => entry.text('MESSAGE'))).toEqual(['above']);
    expect([entries[0]?.text('A'), entries[0]?.text('LABEL')]).toEqual(['{"b":1}', 'l']);
  });

  test("'logged' comes for each entry, with its info, once journald or the queue has it", async () => {
    await using journald = await startJournald();
    const [logger, transport] = loggerOf(journald);
    const logged: unknown[] = [];
    transport.on('logged', (info: { message: unknown }) => logged.push(info.message));
    logger.info('one');
    logger.info('two');
    await finished(logger);
    expect(logged).toEqual(['one', 'two']);
  });

  test('an entry is in the hands of journald when the call returns', async () => {
    await using journald = await startJournald();
    const [logger] = loggerOf(journald);
    logger.error(new Error('bad'));
    const [entry] = await entriesOf(journald);
    expect([entry?.text('MESSAGE'), entry?.text('ERROR_NAME')]).toEqual(['bad', 'Error']);
    await finished(logger);
  });

  test("'finish' waits for journald", async () => {
    await using journald = await startJournald();
    await journald.pause();
    const [logger, transport] = loggerOf(journald);
    for (let n = 0; n < 50; n += 1) logger.info('line', { n });
    let isFinished = false;
    const end = finished(logger).then(() => (isFinished = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isFinished).toBe(false);
    journald.resume();
    await end;
    expect(transport.dropped).toBe(0);
    expect((await entriesOf(journald)).length).toBe(50);
  });

  test("a full queue: 'warn' once, of the transport and the logger, and no 'error'", async () => {
    await using journald = await startJournald();
    await journald.pause();
    const [logger, transport] = loggerOf(journald, { queueLimit: 5 });
    const warnings: unknown[] = [];
    logger.on('warn', (error) => warnings.push(error));
    for (let n = 0; n < 100; n += 1) logger.info('line', { n });
    expect(warnings).toEqual([expect.objectContaining({ code: 'ENOBUFS' })]);
    expect(transport.dropped).toBeGreaterThan(50);
    journald.resume();
    await transport.flush();
    logger.info('again');
    await journald.pause();
    for (let n = 0; n < 100; n += 1) logger.info('line', { n });
    expect(warnings.length).toBe(2);
    journald.resume();
    await finished(logger);
  });

  test.each(['before', 'after'])(
    "'wait' holds up the logger and loses nothing, ended %s journald reads",
    async (when) => {
      await using journald = await startJournald();
      await journald.pause();
      const [logger, transport] = loggerOf(journald, { queueLimit: 5, whenFull: 'wait' });
      for (let n = 0; n < 500; n += 1) logger.info('line', { n });
      expect(transport.writableLength).toBeGreaterThan(0);
      let end = when === 'before' ? finished(logger) : undefined;
      await new Promise((resolve) => setImmediate(resolve));
      journald.resume();
      end ??= finished(logger);
      await end;
      expect(transport.dropped).toBe(0);
      expect((await entriesOf(journald)).map((entry) => Number(entry.text('N')))).toEqual(
        Array.from({ length: 500 }, (_, n) => n),
      );
    },
  );

  test('one that journald refuses for its fields is there without them, and a warning says so', async () => {
    await using journald = await startJournald();
    const [logger] = loggerOf(journald);
    const warnings: unknown[] = [];
    logger.on('warn', (error) => warnings.push(error));
    const bad = Array.from({ length: 40 }, (_, n) => new Error(`e${n}`, { cause: new Error('c') }));
    const many = Object.fromEntries(Array.from({ length: 790 }, (_, n) => [`k${n}`, bad[n % 40]]));
    logger.info('many', many);
    await finished(logger);
    const [entry] = await entriesOf(journald);
    expect(entry?.text('MESSAGE')).toBe('many');
    expect(warnings).toEqual([expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' })]);
  });

  test('removed and added again: the socket is closed and opened again', async () => {
    await using journald = await startJournald();
    const before = openFds();
    const [logger, transport] = loggerOf(journald);
    logger.info('one');
    logger.remove(transport);
    await eventually(() => {
      expectNoNewFds(before);
      return true;
    });
    logger.add(transport);
    logger.info('two');
    await finished(logger);
    expectNoNewFds(before);
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(['one', 'two']);
  });

  test.each([
    ['return', 0],
    ['exit', 3],
    ['throw', 1],
    ['handled', 1],
  ])('a process that ends by %s leaves nothing behind', async (ending, code) => {
    await using journald = await startJournald();
    const result = await runFixture(FIXTURE, [journald.socketPath, '1000', ending]);
    expect(result.code, result.stderr).toBe(code);
    const entries = await entriesOf(journald);
    expect(entries.filter((entry) => entry.text('MESSAGE') === 'line').length).toBe(1_000);
    if (ending !== 'handled') return;
    expect(entries.at(-1)?.text('MESSAGE')).toMatch(/^uncaughtException: at the end\n/);
    expect(entries.at(-1)?.text('ERROR_STACK')).toMatch(/^Error: at the end\n/);
  });

  test.each([
    [{ queueLimit: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ priorities: { info: 8 } }, 'ERR_INVALID_ARG_VALUE'],
    [{ fields: { LEVEL: 1 } }, 'ERR_INVALID_ARG_VALUE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('options %j are refused', (options, code) => {
    expect(() => new JournaldTransport(options as object)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

test('without winston: importing is fine, the first transport says what is missing', async () => {
  const result = await runFixture(new URL('./fixtures/without-winston.ts', import.meta.url));
  expect(result.stdout).toMatch(/^ENOTSUP .*winston 3.*npm install winston/);
});

function loggerOf(
  journald: TestJournald,
  options: JournaldTransportOptions = {},
  loggerOptions: winston.LoggerOptions = {},
): [winston.Logger, JournaldTransport] {
  const transport = new JournaldTransport({ socketPath: journald.socketPath, ...options });
  return [winston.createLogger({ ...loggerOptions, transports: transport }), transport];
}

function finished(logger: winston.Logger): Promise<unknown> {
  const end = new Promise((resolve) => logger.once('finish', resolve));
  logger.end();
  return end;
}

async function entriesOf(journald: TestJournald): Promise<JournalEntry[]> {
  return journald.export(['_TRANSPORT=journal']);
}

/** mocha gives a test a callback when it takes an argument. */
function withDone(define: (...args: never[]) => unknown): (...args: unknown[]) => unknown {
  return (...args) => {
    const run = args.pop() as (done?: (error?: Error) => void) => unknown;
    const promised = (): unknown =>
      run.length === 0
        ? run()
        : new Promise<void>(
            (resolve, reject) => void run((error) => (error === undefined ? resolve() : reject(error))),
          );
    return (define as (...all: unknown[]) => unknown)(...args, promised);
  };
}
