import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode } from '@osx/errors';
import { lockHolders } from '@osx/fcntl';
import { Pidfile, pinPidfileOwner, readPidfile } from '@osx/pidfiles';
import { builtProject, buildProgram } from '../built-packages.ts';
import { cContender } from '../c-contender.ts';
import { compileC } from '../compile-c.ts';
import { LineProcess } from '../line-process.ts';
import { asyncContender, measureInterleaved, syncContender } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import { pidfileHolders } from '../peers/pidfile-holders.ts';
import type { PidfileHolder } from '../peers/pidfile-holders.ts';
import type { Place } from '../places.ts';
import { absentRow, ratioGoal, rowOf } from '../report.ts';
import type { FactTable, Row, Table } from '../report.ts';

const run = promisify(execFile);

/** A pidfile taken and given back, refused, read, its owner found; and whom those hit who only read and kill. */
export async function* pidfiles(place: Place, scratch: string, effort: Effort): AsyncGenerator<Table | FactTable> {
  const program = compileC('pidfile', scratch);
  const holderProgram = buildProgram(builtProject(scratch), 'pidfile-holder');
  yield await acquired(place, program, effort);
  yield await refused(place, holderProgram, effort);
  const path = join(place.path, 'owned.pid');
  await using _owner = await LineProcess.start(process.execPath, [holderProgram, 'acquirePidfile', path]);
  yield await read(path, place, program, effort);
  yield await found(path, place, program, effort);
  yield await strangers(place, scratch, holderProgram);
}

const notes: Readonly<Record<string, string>> = {
  npid: "no lock; a dead daemon's file stays in the way",
  pidlockfile: "no lock; two who find a dead daemon's file can both win",
  'daemon-pid': 'spawns ps',
  'single-instance': 'a socket, and no pid',
  'proper-lockfile': 'a directory, and no pid',
  'write the pid, kill the pid': 'excludes nobody',
};

async function acquired(place: Place, program: string | undefined, effort: Effort): Promise<Table> {
  const path = (name: string): string => join(place.path, `acquire-${name.replaceAll(/\W+/g, '-')}`);
  const contenders: Contender[] = [];
  for (const [name, prepare] of Object.entries(pidfileHolders)) {
    const { acquire } = await prepare();
    contenders.push(asyncContender(name, async () => (await acquire(path(name)))()));
  }
  contenders.push(
    syncContender('Pidfile.open, tryLock, write', () => {
      const pidfile = Pidfile.open(path('sync'));
      pidfile.tryLock();
      pidfile.write();
      pidfile.close();
    }),
  );
  const [present, missing] = await available(contenders);
  const rows = [...(await rowsOf(present, program, ['acquire', path('c')], effort)), ...missing];
  return {
    suite: 'pidfiles',
    title: `Acquire a pidfile and release it, on ${place.label}`,
    unit: 'µs',
    reference: 'acquirePidfile',
    rows,
    goals: ratioGoal(rows, 'acquirePidfile', 'proper-lockfile', 1),
  };
}

/** Each is asked to be refused by a process that holds its own kind of pidfile. */
async function refused(place: Place, holderProgram: string, effort: Effort): Promise<Table> {
  await using holders = new AsyncDisposableStack();
  const intrusions = new Map<string, string>();
  const contenders: Contender[] = [];
  for (const name of ['acquirePidfile', 'npid', 'pidlockfile', 'proper-lockfile', 'single-instance']) {
    const path = join(place.path, `held-${name}`);
    holders.use(await LineProcess.start(process.execPath, [holderProgram, name, path]));
    const { acquire } = (await pidfileHolders[name]?.()) ?? {};
    let attempts = 0;
    contenders.push(
      asyncContender(name, async () => {
        attempts += 1;
        if (acquire === undefined || !(await lets(acquire, path)) || intrusions.has(name)) return;
        intrusions.set(name, `at attempt ${attempts} it ACQUIRED what another process held`);
      }),
    );
    if (name !== 'acquirePidfile') continue;
    contenders.push(
      syncContender('Pidfile.open, tryLock', () => {
        const pidfile = Pidfile.open(path);
        if (pidfile.tryLock()) intrusions.set('Pidfile.open, tryLock', 'it LOCKED what another process held');
        pidfile.close({ keep: true });
      }),
    );
  }
  const rows = await rowsOf(contenders, undefined, [], effort);
  const isTwo = ['acquirePidfile', 'Pidfile.open, tryLock'].some((name) => intrusions.has(name));
  return {
    suite: 'pidfiles',
    title: `Be refused by another process, on ${place.label}`,
    unit: 'µs',
    reference: 'acquirePidfile',
    rows: rows.map((row) => {
      const intrusion = intrusions.get(row.name);
      if (intrusion !== undefined) return absentRow(row.name, intrusion);
      return row.name === 'acquirePidfile' ? { ...row, note: 'and names the owner, asked of the kernel' } : row;
    }),
    goals: [{ wanted: 'never two', got: isTwo ? 'two' : 'one', met: !isTwo }],
  };
}

/** Whether it is let in; then it goes at once. */
async function lets(acquire: PidfileHolder['acquire'], path: string): Promise<boolean> {
  let release: () => unknown;
  try {
    release = await acquire(path);
  } catch {
    return false;
  }
  await release();
  return true;
}

async function read(path: string, place: Place, program: string | undefined, effort: Effort): Promise<Table> {
  const contenders = [
    syncContender('readPidfile', () => readPidfile(path)),
    syncContender('readFileSync, parseInt', () => Number.parseInt(readFileSync(path, 'utf8'), 10)),
  ];
  return {
    suite: 'pidfiles',
    title: `Read a pidfile, on ${place.label}`,
    unit: 'µs',
    reference: 'readPidfile',
    rows: await rowsOf(contenders, program, ['read', path], effort),
    goals: [],
  };
}

const pinning = 'pinPidfileOwner';
const lslocks = 'lslocks --json';
const lsof = 'lsof -t FILE';

/** Who owns the pidfile: proven by the kernel, or believed. */
async function found(path: string, place: Place, program: string | undefined, effort: Effort): Promise<Table> {
  const peersPath = join(place.path, 'pidlockfile-owned');
  writeFileSync(peersPath, String(process.pid));
  const pidlockfile = (await import('pidlockfile')).default;
  const tools = [asyncContender(lslocks, () => byLslocks(path)), asyncContender(lsof, () => run('lsof', ['-t', path]))];
  const [present, missing] = await available(tools);
  const contenders = [
    asyncContender(pinning, async () => (await pinPidfileOwner(path)).close()),
    asyncContender('lockHolders', () => lockHolders(path)),
    ...present,
    syncContender('read, process.kill(pid, 0)', () => process.kill(Number.parseInt(readFileSync(path, 'utf8'), 10), 0)),
    asyncContender('pidlockfile check', () => new Promise((resolve) => pidlockfile.check(peersPath, resolve))),
  ];
  const note: Record<string, string> = {
    'read, process.kill(pid, 0)': 'believes the file: any process with that pid will do',
    'pidlockfile check': 'believes the file: any process with that pid will do',
    [lslocks]: 'names the process that took the lock, and pins nobody',
    [lsof]: 'names all that have it open, and pins nobody',
    C: 'asks the process that the file names, once',
  };
  const rows = await rowsOf(contenders, program, ['pin', path], effort);
  return {
    suite: 'pidfiles',
    title: `Find the owner of a pidfile, ${processes()} processes running`,
    unit: 'µs',
    reference: pinning,
    rows: [...rows, ...missing].map((row) => ({
      ...(note[row.name] !== undefined && { note: note[row.name] }),
      ...row,
    })),
    goals: [...ratioGoal(rows, pinning, lslocks, 1), ...ratioGoal(rows, pinning, lsof, 1)],
  };
}

async function byLslocks(path: string): Promise<number | undefined> {
  const { stdout } = await run('lslocks', ['--json', '--notruncate']);
  const { locks } = JSON.parse(stdout) as { locks: { path: string | null; pid: number }[] };
  const lock = locks.find((one) => one.path === path);
  if (lock === undefined) throw new Error(`lslocks does not list ${path}`);
  return lock.pid;
}

/** Those that work here, and rows for the others. */
async function available(tools: readonly Contender[]): Promise<[Contender[], Row[]]> {
  const present: Contender[] = [];
  const missing: Row[] = [];
  for (const tool of tools) {
    try {
      await tool.run(1);
      present.push(tool);
    } catch (error) {
      missing.push(
        absentRow(tool.name, hasCode(error, 'ENOENT') ? 'the program it spawns is not installed' : String(error)),
      );
    }
  }
  return [present, missing];
}

function processes(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
}

/** Runs in a pid namespace of its own: pids are given away there, and nobody else's. */
async function strangers(place: Place, scratch: string, holderProgram: string): Promise<FactTable> {
  const program = buildProgram(builtProject(scratch), 'strangers');
  const namespace = ['--fork', '--kill-child', '--pid', '--mount-proc'];
  let facts: string[][];
  try {
    const { stdout } = await run('unshare', [...namespace, process.execPath, program, holderProgram, place.path]);
    facts = JSON.parse(stdout) as string[][];
  } catch (error) {
    facts = [['not run', `it needs root and pid namespaces: ${String(error)}`, '']];
  }
  const ours = facts.find(([name]) => name === 'acquirePidfile');
  return {
    suite: 'pidfiles',
    title: 'The daemon was killed, its pid belongs to a stranger, and the daemon is told to stop',
    columns: ['', 'the stranger', 'a new start'],
    facts,
    goals:
      ours === undefined
        ? []
        : [{ wanted: 'no stranger is signalled', got: ours[1] ?? '', met: ours[1]?.startsWith('lives') === true }],
  };
}

async function rowsOf(
  contenders: readonly Contender[],
  program: string | undefined,
  [what = '', path = '']: readonly string[],
  effort: Effort,
): Promise<Row[]> {
  const inC = program === undefined || what === '' ? [] : [cContender('C', program, [path, what])];
  const measured = await measureInterleaved([...contenders, ...inC], effort);
  const rows = measured.map(({ name, figures }) => {
    return rowOf(name, figures, 'µs', notes[name] === undefined ? {} : { note: notes[name] });
  });
  return inC.length > 0 || what === '' ? rows : [...rows, absentRow('C', 'no C compiler')];
}
