import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { builtProject, buildProgram } from '../built-packages.ts';
import { cContender } from '../c-contender.ts';
import { compileC } from '../compile-c.ts';
import { LineProcess } from '../line-process.ts';
import { measureInterleaved, median } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import { signalListeners } from '../peers/signal-listeners.ts';
import { remoteContender } from '../remote-contender.ts';
import { absentRow, rowOf } from '../report.ts';
import type { FactTable, Row, Table } from '../report.ts';

const run = promisify(execFile);
const listeners = Object.keys(signalListeners);
/** Without those that wait for one signal: 1,000 at once are one to them, and they are listeners for as long as they wait. */
const lasting = listeners.filter((name) => name !== 'waitForSignal' && name !== 'events.once');

interface Programs {
  readonly peer: string;
  readonly c: string | undefined;
}

/** From a signal to its handler, and what signals cost to send, to mask and to listen to. */
export async function* signals(scratch: string, effort: Effort, rounds: number): AsyncGenerator<Table | FactTable> {
  const programs = { peer: buildProgram(builtProject(scratch), 'signal-peer'), c: compileC('signals', scratch) };
  yield await dispatched(programs, 'one', 'A signal to oneself, from process.kill to its handler', effort);
  yield await dispatched(programs, 'many', 'The same, 1,000 sent at a time and then handled; each', effort);
  yield await received(programs, rounds);
  yield await flooded(programs, Math.max(3, Math.round(rounds / 20)));
  yield await dispatched(programs, 'first', 'Begin to listen to a signal that nobody listens to, and stop', effort);
  yield await dispatched(programs, 'another', 'Begin to listen to a signal beside another listener, and stop', effort);
  yield await sent(programs, effort);
  yield await masked(programs, effort);
}

async function dispatched(
  { peer, c }: Programs,
  role: 'one' | 'many' | 'first' | 'another',
  title: string,
  effort: Effort,
): Promise<Table> {
  await using processes = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const name of role === 'one' ? listeners : lasting) {
    contenders.push(await remoteContender(processes, name, [peer, role, name]));
  }
  const inC: CPrograms = role === 'one' || role === 'many' ? [['C, a handler', c, ['self']]] : [];
  const rows = await rowsOf(contenders, inC, effort);
  return {
    suite: 'signals',
    title,
    unit: 'µs',
    reference: 'process.on',
    rows: rows.map((row) => (row.name === 'C, a handler' ? { ...row, note: 'runs before kill(2) returns' } : row)),
    goals: [],
  };
}

/** From `process.kill` here to the handler in another process. */
async function received({ peer, c }: Programs, rounds: number): Promise<Table> {
  await using processes = new AsyncDisposableStack();
  const receivers: { name: string; receiver: LineProcess; figures: number[] }[] = [];
  const begin = async (name: string, command: string, args: readonly string[]): Promise<void> => {
    const receiver = await LineProcess.start(command, args);
    processes.use(receiver);
    receivers.push({ name, receiver, figures: [] });
  };
  for (const name of listeners) await begin(name, process.execPath, [peer, 'receive', name]);
  if (c !== undefined) await begin('C, sigwait', c, ['receiver']);
  for (let round = 0; round < rounds; round += 1) {
    for (const { receiver, figures } of receivers) {
      const before = receiver.kill('SIGUSR2');
      figures.push(Number(BigInt(await receiver.expect('handled')) - before));
    }
  }
  const rows = receivers.map(({ name, figures }) => rowOf(name, figures, 'µs', { tail: true }));
  return {
    suite: 'signals',
    title: 'A signal from another process, from its kill to the handler',
    unit: 'µs',
    reference: 'process.on',
    rows: c === undefined ? [...rows, absentRow('C, sigwait', 'no C compiler')] : rows,
    goals: [],
  };
}

const FLOOD = 20_000;

/** How often handlers are called when a C program sends as fast as it can: the kernel keeps one of a kind. */
async function flooded({ peer, c }: Programs, rounds: number): Promise<FactTable> {
  const facts: string[][] = [];
  let missed = 0;
  for (const name of c === undefined ? [] : lasting) {
    await using receiver = await LineProcess.start(process.execPath, [peer, 'flood', name]);
    const counts: number[] = [];
    let seen = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { stdout } = await run(c ?? '', ['flood', String(receiver.pid), '12', String(FLOOD)]);
      receiver.send('count');
      const [calls = '', last = ''] = (await receiver.expect('calls')).split(' ');
      counts.push(Number(calls));
      if (BigInt(last) > BigInt(stdout.trim())) seen += 1;
    }
    missed += rounds - seen;
    const range = `${Math.min(...counts)} .. ${Math.max(...counts)}`;
    facts.push([name, median(counts).toFixed(0), range, `${seen} of ${rounds}`]);
  }
  return {
    suite: 'signals',
    title: `${FLOOD} signals from a C program, as fast as it can`,
    columns: ['', 'calls, median', 'low .. high', 'called after the last one'],
    facts: facts.length > 0 ? facts : [['not run', 'no C compiler', '', '']],
    goals: facts.length > 0 ? [{ wanted: 'a call after the last', got: `${missed} missed`, met: missed === 0 }] : [],
  };
}

async function sent({ peer, c }: Programs, effort: Effort): Promise<Table> {
  await using processes = new AsyncDisposableStack();
  const pid = await startIgnorer(processes);
  const contenders: Contender[] = [];
  for (const name of ['sendSignal', 'process.kill', 'queueSignal', 'processExists', 'process.kill, signal 0']) {
    contenders.push(await remoteContender(processes, name, [peer, 'operate', name, String(pid)]));
  }
  const inC: CPrograms = [
    ['C, kill', c, ['kill', String(pid), '12']],
    ['C, sigqueue', c, ['sigqueue', String(pid), '34']],
    ['C, kill, signal 0', c, ['kill', String(pid), '0']],
  ];
  return {
    suite: 'signals',
    title: 'Send a signal to a process that ignores it',
    unit: 'µs',
    reference: 'process.kill',
    rows: await rowsOf(contenders, inC, effort),
    goals: [],
  };
}

/** A process that ignores SIGUSR2 and the first real-time signal, which the shell hands on. */
async function startIgnorer(processes: AsyncDisposableStack): Promise<number> {
  const child = spawn('sh', ['-c', "trap '' USR2 34; echo ready; exec sleep 3600"], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.defer(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  });
  await once(child.stdout, 'data');
  return child.pid ?? NaN;
}

async function masked({ peer, c }: Programs, effort: Effort): Promise<Table> {
  await using processes = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const name of ['getSignalMask', 'setSignalMask and back', 'signalMaskScope', 'pendingSignals']) {
    contenders.push(await remoteContender(processes, name, [peer, 'operate', name]));
  }
  const inC: CPrograms = [
    ['C, pthread_sigmask read', c, ['getmask']],
    ['C, pthread_sigmask and back', c, ['mask']],
    ['C, sigpending', c, ['pending']],
  ];
  return {
    suite: 'signals',
    title: "The calling thread's mask and pending signals",
    unit: 'µs',
    reference: 'getSignalMask',
    rows: await rowsOf(contenders, inC, effort),
    goals: [],
  };
}

type CPrograms = readonly (readonly [name: string, program: string | undefined, args: readonly string[]])[];

async function rowsOf(contenders: readonly Contender[], inC: CPrograms, effort: Effort): Promise<Row[]> {
  const compiled = inC.flatMap(([name, program, args]) =>
    program === undefined ? [] : [cContender(name, program, args)],
  );
  const missing = inC.filter(([, program]) => program === undefined).map(([name]) => absentRow(name, 'no C compiler'));
  const measured = await measureInterleaved([...contenders, ...compiled], effort);
  return [...measured.map(({ name, figures }) => rowOf(name, figures, 'µs')), ...missing];
}
