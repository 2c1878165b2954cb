import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtProject, buildProgram } from '../built-packages.ts';
import { compileC } from '../compile-c.ts';
import { LineProcess } from '../line-process.ts';
import { loadFsExt } from '../peers/load-fs-ext.ts';
import { lockers } from '../peers/lockers.ts';
import type { Place } from '../places.ts';
import { absentRow, limitGoal, rowOf } from '../report.ts';
import type { Row, Table } from '../report.ts';

/** How a peer is started, and how often it is asked to hand over. */
interface Peer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** From the release of a lock in one process to its possession in another that waits for it. */
export async function handOver(place: Place, scratch: string, rounds: number): Promise<Table> {
  const peers = peersOn(place.path, scratch, 'release');
  await using pairs = new AsyncDisposableStack();
  const started = [];
  for (const peer of peers) {
    const [first, second] = [await start(peer), await start(peer)];
    pairs.use(first);
    pairs.use(second);
    started.push({ name: peer.name, holder: first, waiter: second, figures: [] as number[] });
  }
  for (const { holder } of started) await lock(holder);
  for (let round = 0; round < rounds; round += 1) {
    for (const pair of started) {
      await waitBehind(pair.waiter);
      pair.holder.send('release');
      const released = BigInt(await pair.holder.expect('released'));
      pair.figures.push(Number(BigInt(await pair.waiter.expect('locked')) - released));
      [pair.holder, pair.waiter] = [pair.waiter, pair.holder];
    }
  }
  const rows = started.map(({ name, figures }) => rowOf(name, figures, 'µs', { tail: true, ...noteFor(name) }));
  return {
    suite: 'hand-over',
    title: 'Hand-over between processes: from the release to the lock of the waiter',
    unit: 'µs',
    reference: 'lockFile',
    rows: [...rows, ...absentRows(peers)],
    goals: limitGoal(rows, 'lockFile', 200, 'µs'),
  };
}

/** From SIGKILL of the holder to the lock of the waiter. */
export async function handOverAfterKill(place: Place, scratch: string, rounds: number): Promise<Table> {
  const peers = peersOn(place.path, scratch, 'kill');
  const measured = peers.map((peer) => ({ peer, figures: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { peer, figures } of measured) {
      // Every round of it takes more than two seconds.
      if (peer.name === 'proper-lockfile' && round >= 3) continue;
      figures.push(await killOnce(peer));
    }
  }
  const rows = measured.map(({ peer: { name }, figures }) =>
    rowOf(name, figures, 'ms', { tail: true, ...noteFor(name) }),
  );
  return {
    suite: 'hand-over',
    title: 'Hand-over after SIGKILL of the holder',
    unit: 'ms',
    reference: 'lockFile',
    rows: [...rows, ...absentRows(peers)],
    goals: limitGoal(rows, 'lockFile', 10, 'ms'),
  };
}

async function killOnce(peer: Peer): Promise<number> {
  await using holder = await start(peer);
  await using waiter = await start(peer);
  await lock(holder);
  await waitBehind(waiter);
  const killed = holder.kill();
  const locked = BigInt(await waiter.expect('locked'));
  return Number(locked - killed);
}

function peersOn(directory: string, scratch: string, purpose: string): Peer[] {
  const program = compileC('lock', scratch);
  const path = (name: string): string => join(directory, `${purpose}-${name.replaceAll(' ', '-')}`);
  const peerFile = buildProgram(builtProject(scratch), 'hand-over-peer');
  const names = Object.keys(lockers).filter((name) => name !== 'fs-ext flock' || loadFsExt(scratch) !== undefined);
  const inNode = names.map((name) => ({
    name,
    command: process.execPath,
    args: [peerFile, name, path(name), scratch],
  }));
  return program === undefined ? inNode : [...inNode, { name: 'C', command: program, args: [path('c'), 'peer'] }];
}

function absentRows(peers: readonly Peer[]): Row[] {
  const missing = [...Object.keys(lockers), 'C'].filter((name) => !peers.some((peer) => peer.name === name));
  return missing.map((name) => absentRow(name, 'does not build here'));
}

function noteFor(name: string): { note?: string } {
  if (name === 'proper-lockfile')
    return { note: 'asks every 10 ms; gives up on a dead holder after 2 s (default 10 s)' };
  return name.startsWith('fs-') ? { note: 'each waiter blocks one of four pool threads' } : {};
}

function start({ command, args }: Peer): Promise<LineProcess> {
  return LineProcess.start(command, args);
}

async function lock(peer: LineProcess): Promise<void> {
  peer.send('lock');
  await peer.expect('waiting');
  await peer.expect('locked');
}

/** The peer asks for the lock, and gets the time to settle down; not always the same time, for those who ask now and then. */
async function waitBehind(peer: LineProcess): Promise<void> {
  peer.send('lock');
  await peer.expect('waiting');
  await sleep(8 + Math.random() * 10);
}
