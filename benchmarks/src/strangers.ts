/**
 * Whose process is hit when a daemon's pid was given away: `node strangers.ts HOLDER-PROGRAM DIRECTORY`, as root in a pid
 * namespace of its own (`unshare --fork --pid --mount-proc`). Prints one line of JSON: `[name, stranger, next start][]`.
 *
 * Every daemon is killed and leaves its pidfile; a stranger gets its pid; then the daemon is stopped by its pidfile.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hasCode } from '@osx/errors';
import { pidfileHolders } from './peers/pidfile-holders.ts';

const run = promisify(execFile);
const [program = '', directory = ''] = process.argv.slice(2);
const plain = 'write the pid, kill the pid';

interface Contender {
  readonly name: string;
  /** Which of the holders writes the pidfile. */
  readonly holder: string;
  readonly stop: (path: string) => Promise<unknown>;
}

const contenders: Contender[] = [];
for (const [holder, prepare] of Object.entries(pidfileHolders)) {
  const { stop } = await prepare();
  if (stop !== undefined) contenders.push({ name: holder, holder, stop });
}
const tool = (command: string, args: (path: string) => string[]): Contender => ({
  name: [command, ...args('FILE')].join(' '),
  holder: plain,
  stop: (path) => run(command, args(path)),
});
contenders.push(
  tool('pkill', (path) => ['-F', path]),
  tool('pkill', (path) => ['-L', '-F', path]),
  tool('start-stop-daemon', (path) => ['--stop', '--quiet', '--pidfile', path]),
);

const pidfile = (index: number): string => join(directory, `stranger-${index}.pid`);
const pids: number[] = [];
for (const [index, { holder }] of contenders.entries()) pids.push(await leftBehind(holder, pidfile(index)));
// A pid comes round after days, not at once; daemon-pid takes for the same who began within a second of the daemon.
await sleep(2500);

const facts = [];
for (const [index, { name, holder, stop }] of contenders.entries()) {
  const pid = pids[index] ?? NaN;
  const stranger = await strangerWith(pid);
  const answer = await stop(pidfile(index)).then(() => 'says it did', said);
  await sleep(50);
  const outcome = isGone(stranger) ? 'KILLED' : 'lives';
  const still = isGone(stranger) ? await strangerWith(pid) : stranger;
  const start = name === holder ? await starts(holder, pidfile(index)) : '';
  await end(still);
  facts.push([name, `${outcome} (${answer})`, start]);
}
console.log(JSON.stringify(facts));

/** Starts a daemon and kills it; gives the pid that stands in its pidfile. */
async function leftBehind(holder: string, path: string): Promise<number> {
  const daemon = spawn(process.execPath, [program, holder, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(daemon.stdout, 'data');
  await end(daemon);
  return daemon.pid ?? NaN;
}

/** A process that has nothing to do with us, and this pid. */
async function strangerWith(pid: number): Promise<ChildProcess> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    if (child.pid === pid) return child;
    await end(child);
  }
  throw new Error(`the pid ${pid} did not come round`);
}

/** What a new daemon says to the pidfile of the dead one. */
async function starts(holder: string, path: string): Promise<string> {
  const daemon = spawn(process.execPath, [program, holder, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(daemon.stdout, 'data')) as [Buffer];
  const answer = String(line).trim();
  await end(daemon);
  return answer === 'ready' ? 'starts' : answer.replaceAll(path, 'FILE');
}

function isGone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (isGone(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function said(error: unknown): string {
  if (hasCode(error, 'ENOENT')) return 'no such program here';
  const { code, message } = error as { code?: unknown; message?: string };
  return typeof code === 'number' ? `exit ${code}` : String(code ?? message ?? error);
}
