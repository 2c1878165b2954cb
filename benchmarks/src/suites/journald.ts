import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startJournald } from '@osx/test-support';
import type { TestJournald } from '@osx/test-support';
import { builtProject, buildProgram } from '../built-packages.ts';
import { buildSystemdJournald } from '../peers/build-systemd-journald.ts';
import { compileC } from '../compile-c.ts';
import { LineProcess } from '../line-process.ts';
import { absentRow, rowOf } from '../report.ts';
import type { FactTable, Goal, Row, Table } from '../report.ts';

const run = promisify(execFile);

/** Nanoseconds an entry. */
interface Figures {
  readonly wall: number;
  readonly cpu?: number;
  readonly calls?: number;
}

interface Contender {
  readonly name: string;
  readonly figures: Figures[];
  measure(count: number): Promise<Figures>;
}

const C = 'C, sd_journal_sendv';
const CAT = 'systemd-cat, lines';
const NPM = 'systemd-journald of npm';
const PYTHON = "Python's systemd module";
const WRITER = 'JournalWriter, flushed';

/** Entries into a journald of its own: what one costs, beside C; what it does to the event loop; and pino. */
export async function* journald(
  scratch: string,
  count: number,
  repetitions: number,
): AsyncGenerator<Table | FactTable> {
  const peer = buildProgram(builtProject(scratch), 'journal-peer');
  await using server = await startJournald();
  yield* entries(peer, server, scratch, count, repetitions);
  yield await delays(peer, server);
  yield* pinos(peer, server, count, repetitions);
}

async function* entries(
  peer: string,
  server: TestJournald,
  scratch: string,
  count: number,
  repetitions: number,
): AsyncGenerator<Table> {
  await using processes = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const name of ['JournalWriter, awaited', WRITER, 'sendJournal']) {
    contenders.push(await remote(processes, name, [peer, 'entries', name, server.socketPath]));
  }
  const absent: Row[] = [];
  const inHome = await homeOf(server);
  const c = compileC('journal', scratch);
  const npm = buildSystemdJournald(scratch);
  const others: (readonly [name: string, contender: Contender | string])[] =
    inHome === undefined
      ? [C, CAT, PYTHON, NPM].map((name) => [name, 'needs a mount namespace'])
      : [
          [C, c === undefined ? 'no C compiler' : inC(inHome, c)],
          [CAT, systemdCat(inHome, server, scratch)],
          [PYTHON, python(inHome)],
          [NPM, npm === undefined ? 'does not build' : ofNpm(inHome, npm)],
        ];
  for (const [name, other] of others) {
    const reason = typeof other === 'string' ? other : await whyNot(other);
    if (reason !== undefined) absent.push(absentRow(name, reason));
    else if (typeof other !== 'string') contenders.push(other);
  }
  await interleaved(contenders, count, repetitions);
  const walls = contenders.map(({ name, figures }) =>
    rowOf(
      name,
      figures.map(({ wall }) => wall),
      'µs',
    ),
  );
  yield {
    suite: 'journald',
    title: `An entry of five fields to journald, ${count} in a row: until it has them all`,
    unit: 'µs',
    reference: WRITER,
    rows: [...walls, ...absent],
    goals: [],
  };
  const withCpu = contenders.filter(({ figures }) => figures[0]?.cpu !== undefined);
  const cpus = withCpu.map(({ name, figures }) =>
    rowOf(
      name,
      figures.map(({ cpu }) => cpu ?? NaN),
      'µs',
    ),
  );
  yield {
    suite: 'journald',
    title: "The same, the sender's processor time",
    unit: 'µs',
    reference: WRITER,
    rows: cpus,
    goals: atMostGoal(cpus, WRITER, C, 3),
  };
}

async function delays(peer: string, server: TestJournald): Promise<FactTable> {
  const facts: string[][] = [];
  let worst = 0;
  for (const name of ['JournalWriter, drop-oldest', 'nothing sent']) {
    await using child = await LineProcess.start(process.execPath, [peer, 'delay', name, server.socketPath]);
    child.send('run 1');
    await child.expect('delay');
    child.send('run 5');
    const [p50 = NaN, p99 = NaN, max = NaN, offered = NaN, dropped = NaN] = (await child.expect('delay'))
      .split(' ')
      .map(Number);
    if (name !== 'nothing sent') worst = p99;
    facts.push([name, ...[p50, p99, max].map((figure) => (figure / 1e6).toFixed(1)), String(offered), String(dropped)]);
  }
  return {
    suite: 'journald',
    title: '50,000 entries a second offered for 5 s: the delay of the event loop, ms (a timer of 1 ms is on time at 1)',
    columns: ['', 'median', 'p99', 'longest', 'offered', 'dropped'],
    facts,
    goals: [{ wanted: 'p99 under 5 ms', got: `${(worst / 1e6).toFixed(1)} ms`, met: worst < 5e6 }],
  };
}

async function* pinos(peer: string, server: TestJournald, count: number, repetitions: number): AsyncGenerator<Table> {
  await using processes = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  processes.defer(() => rmSync(`${server.socketPath}.log`, { force: true }));
  for (const name of ['pino, journalStream', 'pino, our worker', 'pino, a file', "pino, pino's file worker"]) {
    contenders.push(await remote(processes, name, [peer, 'pino', name, server.socketPath]));
  }
  await interleaved(contenders, count, repetitions);
  const titles = {
    calls: 'pino, a line: in the thread that logs',
    wall: 'The same, until all is handed over',
    cpu: 'The same, processor time of the process',
  };
  for (const [figure, title] of Object.entries(titles) as [keyof Figures, string][]) {
    const rows = contenders.map(({ name, figures }) =>
      rowOf(
        name,
        figures.map((one) => one[figure] ?? NaN),
        'µs',
      ),
    );
    // Until all is handed over: no program hands over more than journald takes, see the first table.
    const goals = figure === 'calls' ? atMostGoal(rows, 'pino, our worker', 'pino, a file', 1.5) : [];
    yield {
      suite: 'journald',
      title,
      unit: 'µs',
      reference: 'pino, a file',
      rows,
      goals,
    };
  }
}

function atMostGoal(rows: readonly Row[], own: string, other: string, times: number): Goal[] {
  const [mine = NaN, theirs = NaN] = [own, other].map((name) => rows.find((row) => row.name === name)?.median);
  const ratio = mine / theirs;
  if (Number.isNaN(ratio)) return [];
  return [{ wanted: `${own}: at most ${times} x ${other}`, got: `${ratio.toFixed(2)} x`, met: ratio <= times }];
}

/** One after the other, in changing order. */
async function interleaved(contenders: readonly Contender[], count: number, repetitions: number): Promise<void> {
  for (const contender of contenders) await contender.measure(Math.min(count, 1_000));
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const first = repetition % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      contender.figures.push(await contender.measure(count));
    }
  }
}

async function remote(processes: AsyncDisposableStack, name: string, args: readonly string[]): Promise<Contender> {
  const child = await LineProcess.start(process.execPath, args);
  processes.use(child);
  return {
    name,
    figures: [],
    async measure(count) {
      child.send(`run ${count}`);
      const [wall = NaN, cpu = NaN, calls = NaN] = (await child.expect('took'))
        .split(' ')
        .map((text) => Number(text) / count);
      return { wall, cpu, calls };
    },
  };
}

/** libsystemd knows one socket only: in a mount namespace of its own that is our journald's. */
type InHome = (command: string, args: readonly string[]) => Promise<string>;

async function homeOf(server: TestJournald): Promise<InHome | undefined> {
  const home = '/run/systemd/journal';
  const mount = `mkdir -p ${home} && mount --bind ${home}.${server.namespace} ${home} && exec "$@"`;
  const inHome: InHome = async (command, args) => {
    const { stdout } = await run('unshare', ['--mount', 'sh', '-c', mount, 'sh', command, ...args]);
    return stdout;
  };
  try {
    await inHome('true', []);
    return inHome;
  } catch {
    return undefined;
  }
}

function inC(inHome: InHome, program: string): Contender {
  return {
    name: C,
    figures: [],
    async measure(count) {
      const [wall = NaN, cpu = NaN] = (await inHome(program, [String(count)]))
        .split(' ')
        .map((text) => Number(text) / count);
      return { wall, cpu };
    },
  };
}

/** It ends before journald has read it all. Its start, and the waiting for journald, are subtracted by a run with one line. */
function systemdCat(inHome: InHome, server: TestJournald, scratch: string): Contender {
  const timed = async (count: number): Promise<number> => {
    const file = join(scratch, `lines-${count}`);
    if (!existsSync(file)) writeFileSync(file, 'order 4711 taken\n'.repeat(count));
    const start = process.hrtime.bigint();
    await inHome('systemd-cat', ['-t', 'bench', 'cat', file]);
    await server.sync();
    return Number(process.hrtime.bigint() - start);
  };
  return {
    name: CAT,
    figures: [],
    measure: async (count) => ({ wall: ((await timed(10 * count)) - (await timed(1))) / (10 * count) }),
  };
}

/** The one that the package python3-systemd is for. */
const DEBIANS_PYTHON = '/usr/bin/python3';

const SCRIPT = `
import sys, time
from systemd import journal
count = int(sys.argv[1])
wall, cpu = time.monotonic_ns(), time.process_time_ns()
for n in range(count):
    journal.send('order %d taken' % n, PRIORITY='6', SYSLOG_IDENTIFIER='bench', REQUEST='4711', PATH_TAKEN='/var/lib/shop/orders')
print(time.monotonic_ns() - wall, time.process_time_ns() - cpu)
`;

const NPM_SCRIPT = `
const log = require(process.argv[1]);
const count = Number(process.argv[2]);
const before = process.cpuUsage();
const start = process.hrtime.bigint();
for (let n = 0; n < count; n++) {
  log(6, 'order ' + n + ' taken', { SYSLOG_IDENTIFIER: 'bench', REQUEST: 4711, PATH_TAKEN: '/var/lib/shop/orders' });
}
const wall = process.hrtime.bigint() - start;
const { user, system } = process.cpuUsage(before);
console.log(wall + ' ' + (user + system) * 1000);
`;

/** It sends in the call, and waits there. */
function ofNpm(inHome: InHome, log: string): Contender {
  return {
    name: NPM,
    figures: [],
    async measure(count) {
      const output = await inHome(process.execPath, ['-e', NPM_SCRIPT, log, String(count)]);
      const [wall = NaN, cpu = NaN] = output.split(' ').map((text) => Number(text) / count);
      return { wall, cpu };
    },
  };
}

function python(inHome: InHome): Contender {
  return {
    name: PYTHON,
    figures: [],
    async measure(count) {
      const output = await inHome(existsSync(DEBIANS_PYTHON) ? DEBIANS_PYTHON : 'python3', [
        '-c',
        SCRIPT,
        String(count),
      ]);
      const [wall = NaN, cpu = NaN] = output.split(' ').map((text) => Number(text) / count);
      return { wall, cpu };
    },
  };
}

async function whyNot(contender: Contender): Promise<string | undefined> {
  try {
    await contender.measure(1);
    return undefined;
  } catch (error) {
    const lines = String((error as { stderr?: unknown }).stderr ?? error)
      .trim()
      .split('\n');
    return lines.at(-1)?.slice(0, 80);
  }
}
