import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { builtProject, buildProgram } from '../built-packages.ts';
import { LineProcess } from '../line-process.ts';
import { shutdowns } from '../peers/shutdowns.ts';
import { signalListeners } from '../peers/signal-listeners.ts';
import { rowOf } from '../report.ts';
import type { FactTable, Row, Table } from '../report.ts';

const run = promisify(execFile);

/** What listeners to signals leave behind: memory, dispositions, and the way a process ends. */
export async function* signalUpkeep(scratch: string, rounds: number): AsyncGenerator<Table | FactTable> {
  const project = builtProject(scratch);
  yield* memory(buildProgram(project, 'signal-memory'), Math.min(rounds, 5));
  yield await dispositions(buildProgram(project, 'signal-dispositions'));
  yield* ended(buildProgram(project, 'signal-peer'), rounds);
}

interface Memory {
  readonly growth: number[];
  readonly held: number[];
  readonly resident: number;
}

/** With a young generation that cannot grow: V8 enlarges it under any load, which says nothing of what was left behind. */
const gcOptions = ['--expose-gc', '--max-semi-space-size=1'];

async function* memory(program: string, rounds: number): AsyncGenerator<Table> {
  const left: (Row & { bytesEach: number })[] = [];
  const held: Row[] = [];
  for (const name of Object.keys(signalListeners)) {
    const { stdout } = await run(process.execPath, [...gcOptions, program, name, String(rounds)]);
    const { growth, held: open, resident } = JSON.parse(stdout) as Memory;
    const note = `heap ${kilobytes(sum(growth))}, resident ${kilobytes(resident)} kB in all ${rounds} rounds`;
    left.push({ ...rowOf(name, growth, 'kB', { note }), bytesEach: sum(growth) / (rounds * 20_000) });
    held.push(rowOf(name, open, 'kB'));
  }
  const ours = left.filter(({ name }) => !name.startsWith('events.') && !name.startsWith('process.'));
  const worst = ours.reduce((a, b) => (b.bytesEach > a.bytesEach ? b : a));
  yield {
    suite: 'signals',
    title: 'Heap that stays after 10,000 subscriptions one by one and 10,000 at once, all closed; a round',
    unit: 'kB',
    reference: '',
    rows: left,
    goals: [
      {
        wanted: 'no growth: under a byte a subscription',
        got: `${worst.bytesEach.toFixed(2)} (${worst.name})`,
        met: worst.bytesEach < 1,
      },
    ],
  };
  yield {
    suite: 'signals',
    title: 'Heap that 10,000 open subscriptions hold',
    unit: 'kB',
    reference: 'process.on',
    rows: held,
    goals: [],
  };
}

async function dispositions(program: string): Promise<FactTable> {
  const facts: string[][] = [];
  let lost = 0;
  for (const [name, isOurs] of dispositionContenders) {
    const { stdout, signal } = await outcomeOf(program, name);
    const [line = '', error] = stdout.trim().split('\n');
    const { before, after, child } = JSON.parse(line) as { before: string[]; after: string[]; child: number };
    process.kill(child, 'SIGKILL');
    const gone = before.filter((one) => !after.includes(one));
    if (isOurs) lost += gone.length;
    const outcome = error ?? `KILLED by ${String(signal)}`;
    facts.push([name, before.join(' '), after.join(' ') || 'none', outcome]);
  }
  return {
    suite: 'signals',
    title: 'A listener to SIGPIPE and SIGXFSZ came and went; then the process writes to a pipe that nobody reads',
    columns: ['', 'ignored before', 'ignored after', 'the write'],
    facts,
    goals: [{ wanted: 'dispositions as found', got: `${lost} lost`, met: lost === 0 }],
  };
}

async function outcomeOf(program: string, name: string): Promise<{ stdout: string; signal?: string | null }> {
  try {
    return await run(process.execPath, [program, name]);
  } catch (error) {
    return error as { stdout: string; signal: string | null };
  }
}

const dispositionContenders: readonly (readonly [name: string, isOurs: boolean])[] = [
  ...['onSignal', 'signalScope', 'waitForSignal', 'iterateSignals'].map((name) => [name, true] as const),
  ...['process.on, process.off', 'events.once', 'events.on', 'signal-exit'].map((name) => [name, false] as const),
];

/** A process each: SIGTERM, the first line of its cleanup, and its end. */
async function* ended(program: string, rounds: number): AsyncGenerator<Table | FactTable> {
  const measured = Object.keys(shutdowns).map((name) => ({
    name,
    figures: [] as number[],
    ends: new Set<string>(),
    cleaned: 0,
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of measured) {
      await using child = await LineProcess.start(process.execPath, [program, 'shutdown', one.name]);
      const killed = child.kill('SIGTERM');
      one.figures.push(Number(BigInt(await child.expect('cleanup')) - killed));
      if (await says(child, 'cleaned')) one.cleaned += 1;
      one.ends.add(await child.ended());
    }
  }
  yield {
    suite: 'signals',
    title: 'The only SIGTERM of a process, from kill to the first line of the cleanup',
    unit: 'µs',
    reference: 'process.on, process.exit',
    rows: measured.map(({ name, figures }) => rowOf(name, figures, 'µs', { tail: true })),
    goals: [],
  };
  const ours = measured.find(({ name }) => name === 'gracefulShutdown');
  yield {
    suite: 'signals',
    title: 'Its cleanup takes 5 ms',
    columns: ['', 'cleanups that came to their end', 'what the parent sees'],
    facts: measured.map(({ name, cleaned, ends }) => [name, `${cleaned} of ${rounds}`, [...ends].join(', ')]),
    goals: [
      {
        wanted: 'every cleanup done, and an end by SIGTERM',
        got: `${ours?.cleaned} of ${rounds}, ${[...(ours?.ends ?? [])].join(', ')}`,
        met: ours?.cleaned === rounds && [...ours.ends].join('') === 'SIGTERM',
      },
    ],
  };
}

async function says(child: LineProcess, word: string): Promise<boolean> {
  try {
    await child.expect(word);
    return true;
  } catch {
    return false; // it ended
  }
}

function kilobytes(bytes: number): string {
  return String(Math.round(bytes / 1e3) + 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
