import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { builtProject, buildProgram } from '../built-packages.ts';
import { cContender } from '../c-contender.ts';
import { compileC } from '../compile-c.ts';
import { LineProcess } from '../line-process.ts';
import { measureInterleaved, median } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import { eventCalls } from '../peers/event-calls.ts';
import { eventPings } from '../peers/event-pings.ts';
import { exitNotices } from '../peers/exit-notices.ts';
import { intervals } from '../peers/intervals.ts';
import { remoteContender } from '../remote-contender.ts';
import { absentRow, ratioGoal, rowOf } from '../report.ts';
import type { FactTable, Row, Table } from '../report.ts';

const run = promisify(execFile);
const suite = 'event-descriptors';

interface Programs {
  readonly peer: string;
  readonly c: string | undefined;
}

/** Eventfds, pidfds and timerfds beside what else there is, and what a system call costs. */
export async function* eventDescriptors(
  scratch: string,
  effort: Effort,
  rounds: number,
): AsyncGenerator<Table | FactTable> {
  const programs = {
    peer: buildProgram(builtProject(scratch), 'event-peer'),
    c: compileC('event-descriptors', scratch),
  };
  yield await pingPong(programs, effort);
  yield await exitNotice(programs, Math.max(5, Math.round(rounds / 4)));
  yield await drift(programs, rounds >= 100 ? 500 : 100);
  yield await callOverhead(programs, effort);
}

async function pingPong({ peer, c }: Programs, effort: Effort): Promise<Table> {
  await using processes = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const name of Object.keys(eventPings))
    contenders.push(await remoteContender(processes, name, [peer, 'ping', name]));
  if (c !== undefined) contenders.push(cContender('C, eventfd', c, ['ping']));
  const measured = await measureInterleaved(contenders, effort);
  const rows = measured.map(({ name, figures }) => rowOf(name, figures, 'µs'));
  return {
    suite,
    title: 'Wake another process, and be woken by it',
    unit: 'µs',
    reference: 'EventFd',
    rows: [...rows, ...absentC(c, 'C, eventfd')],
    goals: [],
  };
}

async function exitNotice({ peer, c }: Programs, rounds: number): Promise<Table> {
  await using processes = new AsyncDisposableStack();
  const waiting = [];
  for (const name of Object.keys(exitNotices)) {
    const process_ = await LineProcess.start(process.execPath, [peer, 'exit', name]);
    processes.use(process_);
    waiting.push({ name, process: process_, figures: [] as number[] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const one of waiting) {
      one.process.send('round');
      one.figures.push(Number(await one.process.expect('noticed')));
    }
  }
  const rows = waiting.map(({ name, figures }) => rowOf(name, figures, 'ms', { tail: true }));
  if (c !== undefined) {
    const { stdout } = await run(c, ['exit', String(rounds)]);
    rows.push(rowOf('C, pidfd', stdout.trim().split('\n').map(Number), 'ms', { tail: true }));
  }
  return {
    suite,
    title: 'From SIGKILL of a process to the notice of its end',
    unit: 'ms',
    reference: 'pidfd, waitForExit',
    rows: [...rows, ...absentC(c, 'C, pidfd')],
    goals: ratioGoal(rows, 'pidfd, waitForExit', 'kill(pid, 0) every 10 ms', 1),
  };
}

const PERIOD_MS = 10;
/** Two and a half periods of work, every tenth tick. */
const BUSY_MS = 25;
const EVERY = 10;

/** How late the end of the last period is told, idle and when the event loop has other work; three runs each. */
async function drift({ peer, c }: Programs, count: number): Promise<FactTable> {
  const facts: string[][] = [];
  const idle = new Map<string, number>();
  const loaded = new Map<string, number>();
  for (const name of [...Object.keys(intervals), ...(c === undefined ? [] : ['C, timerfd'])]) {
    const cells = [name];
    for (const [busyMs, medians] of [
      [0, idle],
      [BUSY_MS, loaded],
    ] as const) {
      const lates: number[] = [];
      let calls = '';
      for (let repetition = 0; repetition < 3; repetition += 1) {
        const [late = '', , ticks = ''] = (await counted({ peer, c }, name, count, busyMs)).split(' ');
        lates.push(Number(late) / 1e6);
        calls = ticks;
      }
      medians.set(name, median(lates));
      cells.push(`${median(lates).toFixed(2)} ms`, calls);
    }
    facts.push(cells);
  }
  const worst = Math.max(idle.get('everyInterval') ?? NaN, loaded.get('everyInterval') ?? NaN);
  return {
    suite,
    title: `${count} periods of ${PERIOD_MS} ms: how late the last one is told; loaded: ${BUSY_MS} ms of work every ${EVERY} ticks`,
    columns: ['', 'idle, late', 'ticks', 'loaded, late', 'ticks'],
    facts: c === undefined ? [...facts, ['C, timerfd', 'no C compiler', '', '', '']] : facts,
    goals: [
      {
        wanted: `everyInterval: late by less than a period and the work, ${PERIOD_MS + BUSY_MS} ms, however many periods`,
        got: `${worst.toFixed(2)} ms`,
        met: worst < PERIOD_MS + BUSY_MS,
      },
    ],
  };
}

/** `NS ticks NUMBER` of one run. */
async function counted({ peer, c }: Programs, name: string, count: number, busyMs: number): Promise<string> {
  if (name.startsWith('C,')) {
    const words = ['interval', PERIOD_MS * 1000, count, busyMs * 1000, EVERY].map(String);
    return (await run(c ?? '', words)).stdout.trim().replace(/^late /, '');
  }
  await using child = await LineProcess.start(process.execPath, [
    peer,
    'interval',
    name,
    ...[PERIOD_MS, count, busyMs, EVERY].map(String),
  ]);
  child.send('go');
  return await child.expect('late');
}

const CALLS_IN_C: Readonly<Record<string, string>> = {
  'getppid, defineCall': 'getppid',
  'refused pidfd_open, defineSyscall': 'refused',
  'F_GETFD, getFdFlags': 'getfd',
  'eventfd write and read': 'eventfd',
  'pidfd_send_signal 0': 'pidfd',
  'PR_GET_NAME, getThreadName': 'name',
};

async function callOverhead({ peer, c }: Programs, effort: Effort): Promise<Table> {
  await using processes = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const name of Object.keys(eventCalls)) {
    contenders.push(await remoteContender(processes, name, [peer, 'call', name]));
    if (c !== undefined) contenders.push(cContender(`C, ${CALLS_IN_C[name]}`, c, [CALLS_IN_C[name] ?? '']));
  }
  const measured = await measureInterleaved(contenders, effort);
  const medians = new Map(measured.map(({ name, figures }) => [name, median(figures)]));
  const rows: Row[] = measured.map(({ name, figures }) => {
    const inC = medians.get(`C, ${CALLS_IN_C[name]}`);
    if (inC === undefined) return rowOf(name, figures, 'µs');
    const note = `${((medians.get(name) ?? NaN) / inC).toFixed(1)} x C; ${(((medians.get(name) ?? NaN) - inC) / 1e3).toFixed(2)} µs more`;
    return rowOf(name, figures, 'µs', { note });
  });
  return {
    suite,
    title: 'System calls, and the same in C',
    unit: 'µs',
    reference: 'getppid, defineCall',
    rows: [...rows, ...absentC(c, 'C')],
    goals: [],
  };
}

function absentC(c: string | undefined, name: string): Row[] {
  return c === undefined ? [absentRow(name, 'no C compiler')] : [];
}
