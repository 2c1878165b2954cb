import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { eventually } from './eventually.ts';
import { launchActivatedJournald, launchJournald } from './internal/journald-launcher.ts';
import type { JournaldLauncher } from './internal/journald-launcher.ts';
import { undoAtExit } from './internal/at-exit.ts';
import { parseJournalExport } from './journal-entry.ts';
import type { JournalEntry } from './journal-entry.ts';

/** How a journald of a test is to be. */
export interface StartJournaldOptions {
  /** Default: a random name. */
  namespace?: string;
  /** `volatile` (below /run/log/journal, the default) or `persistent` (below /var/log/journal). */
  storage?: 'volatile' | 'persistent';
  /** Lines of the [Journal] section on top, as journald.conf(5) has them: `{ SystemMaxFileSize: '1M' }`. */
  config?: Readonly<Record<string, string>>;
  /**
   * Whether somebody else keeps the socket, as systemd does: what was sent to a journald that ended is read by the next
   * one, and without one the socket is full after some ten datagrams. Otherwise (the default) the socket ends with it.
   */
  keepSocket?: boolean;
  /** Default true; false only prepares it, for a later `start()`. */
  started?: boolean;
}

/** What a journald of a test is sent and asked. */
const SYNC_TIMEOUT_MS = 60_000;

/**
 * Starts a systemd-journald of its own for one test: another namespace, no rate limits, its own files, which are removed
 * with it. Disposing ends it.
 *
 * Platform: Linux, `needs('journald')`.
 *
 * @example
 * await using journald = await startJournald();
 * await sendJournal({ MESSAGE: 'hello' }, { namespace: journald.namespace });
 * await journald.sync();
 * expect((await journald.export(['MESSAGE=hello'])).length).toBe(1);
 */
export async function startJournald(options: StartJournaldOptions | string = {}): Promise<TestJournald> {
  const settings = typeof options === 'string' ? { namespace: options } : options;
  const { namespace = `${ownPrefix()}${process.pid}-${randomBytes(5).toString('hex')}`, started = true } = settings;
  removeLitter();
  writeConfiguration(namespace, settings);
  const forget = undoAtExit(() => removeFiles(namespace));
  const launcher = settings.keepSocket === true ? await launchActivatedJournald(namespace) : launchJournald(namespace);
  const journald = new TestJournald(namespace, launcher, forget);
  try {
    if (started) await journald.start();
  } catch (error) {
    await journald[Symbol.asyncDispose]();
    throw error;
  }
  return journald;
}

/** A running systemd-journald with its own namespace. */
export class TestJournald {
  readonly namespace: string;
  readonly #launcher: JournaldLauncher;
  readonly #forget: () => void;
  #pid: number | undefined;

  constructor(namespace: string, launcher: JournaldLauncher, forget: () => void) {
    this.namespace = namespace;
    this.#launcher = launcher;
    this.#forget = forget;
  }

  /** Where it takes the native protocol. */
  get socketPath(): string {
    return `/run/systemd/journal.${this.namespace}/socket`;
  }

  /** Where it takes syslog(3) datagrams. */
  get syslogPath(): string {
    return `/run/systemd/journal.${this.namespace}/dev-log`;
  }

  /** The directory of its files: `journalctl -D`. */
  get directory(): string {
    const [found] = journalDirectories(this.namespace);
    if (found === undefined) throw new Error(`journald ${this.namespace} has made no directory yet`);
    return found;
  }

  /** The pid of the one that runs. */
  get pid(): number {
    if (this.#pid === undefined) throw new Error(`journald ${this.namespace} does not run`);
    return this.#pid;
  }

  /** Starts it, and waits until it takes entries. */
  async start(): Promise<void> {
    const control = `/run/systemd/journal.${this.namespace}/io.systemd.journal`;
    rmSync(control, { force: true });
    this.#pid = await this.#launcher.start();
    await eventually(() => existsSync(control) && existsSync(this.socketPath), { timeoutMs: 30_000 });
    // It is there before it is listened to.
    await eventually(() => this.sync().then(() => true), { timeoutMs: 30_000 });
  }

  /** Ends it (default by SIGTERM, on which it writes everything out) and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const pid = this.pid;
    process.kill(pid, signal);
    await this.#launcher.ended();
    this.#pid = undefined;
  }

  /** Stops it and starts it again. */
  async restart(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  /** Stops its clock, so to say: it reads nothing until `resume()`. Returns once the kernel says so. */
  async pause(): Promise<void> {
    process.kill(this.pid, 'SIGSTOP');
    await eventually(() => stateOf(this.pid) === 'T');
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Returns once everything that it was sent before can be read. */
  async sync(): Promise<void> {
    await runForOutput('journalctl', [`--namespace=${this.namespace}`, '--sync']);
  }

  /**
   * The entries that match, oldest first, after a `sync()`.
   *
   * @param matches As journalctl takes them: `['PRIORITY=3', '+', '_PID=1']`. Without any: everything, also what
   * journald says itself (`_TRANSPORT=driver`).
   */
  async export(matches: readonly string[] = []): Promise<JournalEntry[]> {
    await this.sync();
    const args = [`--namespace=${this.namespace}`, '--output=export', '--all', '--no-pager', '--quiet', ...matches];
    return parseJournalExport(await runForOutput('journalctl', args));
  }

  /** Runs `journalctl --rotate` on it. */
  async rotate(): Promise<void> {
    await runForOutput('journalctl', [`--namespace=${this.namespace}`, '--rotate']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#launcher.release();
    await this.#launcher.ended();
    this.#pid = undefined;
    this.#forget();
    removeFiles(this.namespace);
  }
}

function writeConfiguration(namespace: string, options: StartJournaldOptions): void {
  const settings = {
    Storage: options.storage ?? 'volatile',
    RateLimitIntervalSec: '0',
    RateLimitBurst: '0',
    MaxLevelStore: 'debug',
    // One that need not keep anything for long ends by itself when it has been idle for 30 s.
    MaxRetentionSec: '1month',
    ...options.config,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  mkdirSync(configurationDirectory(namespace), { recursive: true });
  writeFileSync(`${configurationDirectory(namespace)}/test.conf`, `[Journal]\n${lines.join('')}`);
  if (settings.Storage === 'persistent') mkdirSync('/var/log/journal', { recursive: true });
}

function configurationDirectory(namespace: string): string {
  return `/run/systemd/journald@${namespace}.conf.d`;
}

function journalDirectories(namespace: string): string[] {
  return ['/run/log/journal', '/var/log/journal'].flatMap((parent) => {
    if (!existsSync(parent)) return [];
    const names = readdirSync(parent).filter((name) => name.endsWith(`.${namespace}`));
    return names.map((name) => `${parent}/${name}`);
  });
}

function removeFiles(namespace: string): void {
  const directories = [`/run/systemd/journal.${namespace}`, configurationDirectory(namespace)];
  for (const path of [...directories, ...journalDirectories(namespace)]) rmSync(path, { recursive: true, force: true });
}

/** A pid says who is alive only among those of its own pid namespace, and /run may be shared with others. */
function ownPrefix(): string {
  return `osx-${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? 0}-`;
}

/** What test processes left behind that were killed: the names say whose they are. */
function removeLitter(): void {
  const pattern = new RegExp(`^journald?[.@](${ownPrefix()}(\\d+)-[0-9a-f]+)`);
  for (const name of readdirSync('/run/systemd')) {
    const [, namespace, pid] = pattern.exec(name) ?? [];
    if (namespace !== undefined && !existsSync(`/proc/${pid}`)) removeFiles(namespace);
  }
}

function stateOf(pid: number): string | undefined {
  return /^State:\t(.)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
}

function runForOutput(command: string, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: SYNC_TIMEOUT_MS });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (cause) => reject(new Error(`${command} could not be run`, { cause })));
    child.once('close', (code, signal) => {
      // journalctl ends with 1 when nothing matched.
      const fine = code === 0 || (code === 1 && stderr === '');
      if (fine) resolve(Buffer.concat(stdout));
      else reject(new Error(`${command} ${args.join(' ')}: ${signal ?? `exit ${code}`}\n${stderr}`));
    });
  });
}
