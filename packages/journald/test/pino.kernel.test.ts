import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { pino } from 'pino';
import pinoTest from 'pino-test';
import journalTransport, { journalStream } from '@osx/journald/pino';
import {
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  spawnFixture,
  startJournald,
  threadCount,
} from '@osx/test-support';
import type { FixtureResult, JournalEntry, TestJournald } from '@osx/test-support';

const WORKER = new URL('./fixtures/pino-worker.ts', import.meta.url);
const IN_PROCESS = new URL('./fixtures/pino-in-process.ts', import.meta.url);

needs('journald').describe('pino in its own thread', () => {
  test("pino's own tool sees in the journal what was logged", async () => {
    await using journald = await startJournald();
    const stream = journalStream({ socketPath: journald.socketPath });
    const logger = pino({ level: 'trace' }, stream);
    logger.info('hello world');
    logger.child({ request: 7 }).warn({ nested: { a: [1] } }, 'a child');
    logger.trace({ text: 'a\nb=c\0' }, 'two\nlines');
    logger.fatal('the end');
    await ended(stream);
    await pinoTest.consecutive(asPinoStream(await entriesOf(journald)), [
      { level: 30, msg: 'hello world' },
      { level: 40, msg: 'a child', request: '7', nested: '{"a":[1]}' },
      { level: 10, msg: 'two\nlines', text: 'a\nb=c\0' },
      { level: 60, msg: 'the end' },
    ]);
  });

  test('a line is in the hands of journald when the call returns', async () => {
    await using journald = await startJournald();
    const stream = journalStream({
      socketPath: journald.socketPath,
      identifier: 'shop',
      fields: { SYSLOG_FACILITY: 'local3' },
    });
    try {
      pino(stream).info({ order: 4711 }, 'taken');
      expect(stream.writableLength).toBe(0);
      const [entry] = await entriesOf(journald);
      expect(entry?.ownNames).toEqual(
        [
          'LEVEL',
          'MESSAGE',
          'ORDER',
          'PRIORITY',
          'SYSLOG_FACILITY',
          'SYSLOG_IDENTIFIER',
          'SYSLOG_TIMESTAMP',
        ].toSorted(),
      );
      expect([entry?.text('SYSLOG_FACILITY'), entry?.text('SYSLOG_IDENTIFIER')]).toEqual(['19', 'shop']);
    } finally {
      await ended(stream);
    }
  });

  test('pino tells a stream of its levels and keys', async () => {
    await using journald = await startJournald();
    const stream = journalStream({ socketPath: journald.socketPath });
    const logger = pino(
      {
        customLevels: { emerg: 80, notice: 20 },
        useOnlyCustomLevels: true,
        level: 'notice',
        messageKey: 'text',
        errorKey: 'failure',
      },
      stream,
    );
    logger.notice({ msg: 'not the message', failure: new Error('bad') }, 'n');
    logger.emerg('e');
    await ended(stream);
    const [notice, emerg] = await entriesOf(journald);
    expect(['MESSAGE', 'PRIORITY', 'LEVEL', 'MSG', 'ERROR_MESSAGE'].map((name) => notice?.text(name))).toEqual([
      'n',
      '5',
      'notice',
      'not the message',
      'bad',
    ]);
    expect(['MESSAGE', 'PRIORITY', 'LEVEL'].map((name) => emerg?.text(name))).toEqual(['e', '0', 'emerg']);
  });

  test('through multistream too', async () => {
    await using journald = await startJournald();
    const stream = journalStream({ socketPath: journald.socketPath });
    const logger = pino({ messageKey: 'text' }, pino.multistream([{ level: 'error', stream }]));
    logger.info('below');
    logger.error('above');
    await ended(stream);
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(['above']);
  });

  test("pino's flush calls back when journald has it", async () => {
    await using journald = await startJournald();
    await journald.pause();
    const stream = journalStream({ socketPath: journald.socketPath });
    try {
      const logger = pino(stream);
      for (let n = 0; n < 100; n += 1) logger.info({ n }, 'line');
      let isFlushed = false;
      logger.flush(() => (isFlushed = true));
      await new Promise((resolve) => setImmediate(resolve));
      expect(isFlushed).toBe(false);
      journald.resume();
      await eventually(() => isFlushed);
      expect((await entriesOf(journald)).length).toBe(100);
    } finally {
      await ended(stream);
    }
  });

  test('a full queue drops the oldest lines, counts them, and the caller waits for nothing', async () => {
    await using journald = await startJournald();
    await journald.pause();
    const stream = journalStream({ socketPath: journald.socketPath, queueLimit: 10 });
    const logger = pino(stream);
    for (let n = 0; n < 1_000; n += 1) logger.info({ n }, 'line');
    expect(stream.writableLength).toBe(0);
    expect(stream.dropped).toBeGreaterThan(900);
    const { dropped } = stream;
    journald.resume();
    await ended(stream);
    const lines = (await entriesOf(journald)).filter((entry) => entry.text('MESSAGE') === 'line');
    expect(lines.length + dropped).toBe(1_000);
    expect(lines.at(-1)?.text('N')).toBe('999');
  });

  test("'wait' holds up who pipes, and loses nothing", async () => {
    await using journald = await startJournald();
    await journald.pause();
    const stream = journalStream({ socketPath: journald.socketPath, queueLimit: 10, whenFull: 'wait' });
    let read = 0;
    const padding = 'x'.repeat(1_000);
    const lines = Readable.from(
      (function* () {
        for (; read < 5_000; read += 1)
          yield Buffer.from(`{"level":30,"n":${read},"msg":"line","padding":"${padding}"}\n`);
      })(),
    );
    const piped = pipeline(lines, stream);
    await eventually(() => stream.writableNeedDrain);
    expect(read).toBeLessThan(1_000);
    journald.resume();
    await piped;
    expect(stream.dropped).toBe(0);
    expect((await entriesOf(journald)).map((entry) => Number(entry.text('N')))).toEqual(range(5_000));
  });

  test("'wait' with many lines in one chunk", async () => {
    await using journald = await startJournald();
    const stream = journalStream({ socketPath: journald.socketPath, queueLimit: 5, whenFull: 'wait' });
    stream.write(
      range(3_000)
        .map((n) => `{"level":30,"n":${n},"msg":"line"}\n`)
        .join(''),
    );
    await ended(stream);
    expect(stream.dropped).toBe(0);
    expect((await entriesOf(journald)).map((entry) => Number(entry.text('N')))).toEqual(range(3_000));
  });

  test('whatever is written is in the journal, one entry for a line, byte for byte', async () => {
    await using journald = await startJournald();
    const stream = journalStream({ socketPath: journald.socketPath });
    const lines = [
      'PRIORITY=0',
      'MESSAGE',
      '{"level":30,',
      '[]',
      'a\0b',
      '\u001b[31mred',
      'ü'.repeat(100_000),
      '{"a":1}',
    ];
    for (const line of lines) stream.write(`${line}\n`);
    stream.write(Buffer.from([0xff, 0xfe, 0x0a]));
    stream.write('hex', 'latin1');
    stream.end(' without an end');
    await closed(stream);
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => entry.bytes('MESSAGE'))).toEqual([
      ...lines.map((line) => Buffer.from(line)),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('hex without an end'),
    ]);
    expect(new Set(entries.map((entry) => entry.text('PRIORITY')))).toEqual(new Set(['6']));
  });

  test('nobody there: the stream goes on, and what was queued is there when journald is', async () => {
    await using journald = await startJournald({ started: false });
    const stream = journalStream({ socketPath: journald.socketPath });
    const errors: unknown[] = [];
    stream.on('error', (error) => errors.push(error));
    const logger = pino(stream);
    logger.info('early');
    await journald.start();
    await new Promise((resolve) => stream.flush(resolve));
    await ended(stream);
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(['early']);
    expect(errors).toEqual([]);
  });

  test.each([
    [{ queueLimit: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ whenFull: 'never' }, 'ERR_INVALID_ARG_VALUE'],
    [{ priorities: { info: 'loud' } }, 'ERR_INVALID_ARG_VALUE'],
    [{ priorities: [] }, 'ERR_INVALID_ARG_TYPE'],
    [{ fields: { lower: 1 } }, 'ERR_INVALID_ARG_VALUE'],
    [{ fields: { PRIORITY: 1 } }, 'ERR_INVALID_ARG_VALUE'],
    [{ wellKnownKeys: ['MESSAGE'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ wellKnownKeys: ['code_file'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ wellKnownKeys: 'CODE_FILE' }, 'ERR_INVALID_ARG_TYPE'],
    [{ wellKnownKeys: [1] }, 'ERR_INVALID_ARG_TYPE'],
    [{ messageKey: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('options %j are refused', (options, code) => {
    expect(() => journalStream(options as object)).toThrow(expect.objectContaining({ code }) as Error);
  });

  test('what it opens it closes', async () => {
    await using journald = await startJournald();
    const before = openFds();
    for (const end of [ended, destroyed]) {
      const stream = journalStream({ socketPath: journald.socketPath });
      pino(stream).info('line');
      await end(stream);
    }
    const stream = await journalTransport({ socketPath: journald.socketPath });
    stream.write('line\n');
    await ended(stream);
    expectNoNewFds(before);
    expect((await entriesOf(journald)).length).toBe(3);
  });

  test.each([
    ['return', 0],
    ['exit', 3],
    ['throw', 1],
  ])('a process that ends by %s leaves nothing behind', async (ending, code) => {
    await using journald = await startJournald();
    const result = await runFixture(IN_PROCESS, [journald.socketPath, '2000', ending]);
    expect(result.code).toBe(code);
    expect((await entriesOf(journald)).map((entry) => Number(entry.text('N')))).toEqual(range(2_000));
  });
});

needs('journald').describe("pino's worker thread", () => {
  test.each([
    ['return', 0],
    ['exit', 0],
    ['throw', 1],
  ])('a process that ends by %s: every line, in order', async (ending, code) => {
    await using journald = await startJournald();
    const result = await runFixture(WORKER, [journald.socketPath, '20000', ending]);
    expect(result.code, result.stderr).toBe(code);
    const entries = await entriesOf(journald);
    expect(entries.map((entry) => Number(entry.text('N')))).toEqual([...range(20_000), -1]);
    expect(entries[0]?.text('SYSLOG_IDENTIFIER')).toBe('pino-worker');
    expect(entries[0]?.text('MESSAGE')).toBe('line');
    expect(['MESSAGE', 'PRIORITY', 'LEVEL', 'MSG'].map((name) => entries.at(-1)?.text(name))).toEqual([
      'noticed',
      '5',
      'notice',
      'no message',
    ]);
  });

  test('the identifier of the options, and none', async () => {
    await using journald = await startJournald();
    const run = (options: object): Promise<FixtureResult> =>
      runFixture(WORKER, [journald.socketPath, '0', 'return', JSON.stringify(options)], {
        nodeArgs: ['--no-warnings'],
      });
    await run({ identifier: 'shop' });
    await run({ identifier: null });
    await run({});
    expect((await entriesOf(journald)).map((entry) => entry.text('SYSLOG_IDENTIFIER'))).toEqual([
      'shop',
      undefined,
      'pino-worker',
    ]);
  });

  test('bad options are an error event of the transport', async () => {
    const transport = pino.transport({
      target: '@osx/journald/pino',
      options: { queueLimit: 0 },
    });
    const error = await new Promise((resolve) => transport.once('error', resolve));
    expect(error).toMatchObject({ message: expect.stringMatching(/queueLimit/) as unknown });
  });

  test('one of several targets, with its level; no thread is left', async () => {
    await using journald = await startJournald();
    const before = threadCount();
    const transport = pino.transport({
      targets: [{ target: '@osx/journald/pino', level: 'error', options: { socketPath: journald.socketPath } }],
    });
    const logger = pino(transport);
    logger.info('below');
    logger.error('above');
    const isClosed = new Promise((resolve) => transport.once('close', resolve));
    transport.end();
    await isClosed;
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(['above']);
    await eventually(() => threadCount() <= before);
  });

  test('without pino nobody tells of keys: lines come through all the same, and flush', async () => {
    await using journald = await startJournald();
    const transport = pino.transport({
      target: '@osx/journald/pino',
      options: { socketPath: journald.socketPath },
    });
    await new Promise((resolve) => transport.once('ready', resolve));
    transport.write('{"level":40,"msg":"raw"}\nplain\n');
    await new Promise((resolve) => transport.flush(resolve));
    expect((await entriesOf(journald)).map((entry) => entry.text('MESSAGE'))).toEqual(['raw', 'plain']);
    const isClosed = new Promise((resolve) => transport.once('close', resolve));
    transport.end();
    await isClosed;
  });

  test('journald stops and starts again under it: the queue waits, nothing is lost', async () => {
    await using journald = await startJournald({ keepSocket: true });
    await journald.pause();
    await using program = await spawnFixture(WORKER, [journald.socketPath, '30000', 'return', '{"queueLimit":100}']);
    journald.resume();
    await journald.restart();
    expect(await program.exited).toMatchObject({ code: 0 });
    expect((await entriesOf(journald)).map((entry) => Number(entry.text('N')))).toEqual([...range(30_000), -1]);
  });
});

function range(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}

async function entriesOf(journald: TestJournald): Promise<JournalEntry[]> {
  return journald.export(['_TRANSPORT=journal']);
}

function closed(stream: NodeJS.EventEmitter): Promise<unknown> {
  return new Promise((resolve) => stream.once('close', resolve));
}

async function ended(stream: NodeJS.WritableStream): Promise<void> {
  const isClosed = closed(stream);
  stream.end();
  await isClosed;
}

async function destroyed(stream: ReturnType<typeof journalStream>): Promise<void> {
  const isClosed = closed(stream);
  stream.destroy();
  await isClosed;
}

/** Entries as pino would have written them. */
function asPinoStream(entries: readonly JournalEntry[]): Parameters<typeof pinoTest.consecutive>[0] {
  const levels: Record<string, number> = pino.levels.values;
  const own = new Set(['MESSAGE', 'PRIORITY', 'LEVEL', 'SYSLOG_TIMESTAMP', 'SYSLOG_IDENTIFIER']);
  const records = entries.map((entry) => ({
    level: levels[entry.text('LEVEL') ?? ''],
    time: Date.parse(entry.text('SYSLOG_TIMESTAMP') ?? ''),
    pid: Number(entry.text('_PID')),
    hostname: entry.text('_HOSTNAME') ?? hostname(),
    msg: entry.text('MESSAGE'),
    ...Object.fromEntries(
      entry.ownNames.filter((name) => !own.has(name)).map((name) => [name.toLowerCase(), entry.text(name)]),
    ),
  }));
  return Readable.from(records) as Parameters<typeof pinoTest.consecutive>[0];
}
