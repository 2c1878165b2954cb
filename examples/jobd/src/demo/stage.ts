import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeFileAtomic } from '@osx/atomics';
import { pinPidfileOwner } from '@osx/pidfiles';

import type { Configuration } from '../configuration.ts';
import { readState, type State } from '../state-file.ts';
import { auditLife, auditState } from './audit.ts';
import { JobdProcess } from './jobd-process.ts';

/** Where the demo plays: a directory of its own, the processes that it started, and what they acknowledged. */
export class Stage {
  readonly directory = mkdtempSync(join(tmpdir(), 'osx-jobd-'));
  readonly pidfilePath = join(this.directory, 'jobd.pid');
  readonly socketPath = join(this.directory, 'jobd.sock');
  /** The ids of all jobs that any daemon acknowledged. */
  readonly acknowledged = new Set<string>();
  kills = 0;
  readonly #program: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #daemons = new Set<JobdProcess>();
  readonly #strangers = new Set<ChildProcess>();
  #current: JobdProcess | undefined;
  /** The state in which the current daemon began. */
  #before: State = { queue: [], done: [] };

  /** @param journalPath The socket of the journal that its daemons tell what they do. */
  constructor(program: string, journalPath: string | undefined) {
    this.#program = program;
    const { JOBD_JOURNAL: _, ...environment } = process.env;
    this.#environment = journalPath === undefined ? environment : { ...environment, JOBD_JOURNAL: journalPath };
    process.once('exit', this.#leave);
  }

  /** The daemon that runs now. */
  get jobd(): JobdProcess {
    if (this.#current === undefined) throw new Error('no jobd was started');
    return this.#current;
  }

  /** Starts a daemon, which is the current one once it is ready. */
  async start(): Promise<JobdProcess> {
    this.#before = await this.state();
    this.#current = this.startAnother();
    await this.#current.said('ready');
    return this.#current;
  }

  startAnother(): JobdProcess {
    const daemon = new JobdProcess(this.#program, this.directory, this.#environment);
    this.#daemons.add(daemon);
    return daemon;
  }

  /** Ends the current daemon where it is. */
  async killNow(): Promise<void> {
    this.kills++;
    await this.jobd.kill();
  }

  /** Sends a signal as anybody should: to the process that holds the pidfile, pinned, whatever number the file has. */
  async signal(name: 'SIGHUP' | 'SIGTERM'): Promise<void> {
    using owner = await pinPidfileOwner(this.pidfilePath);
    owner.kill(name);
  }

  /** Has the daemon read a new configuration. */
  async reconfigure(configuration: Configuration): Promise<void> {
    await this.configure(configuration);
    await this.signal('SIGHUP');
    await this.jobd.said(`configured ${configuration.label}`);
  }

  /** Waits until every acknowledged job is done. */
  async allDone(): Promise<void> {
    const waiting = (await this.state()).queue.map(({ id }) => id);
    try {
      await this.jobd.until(() => waiting.every((id) => this.jobd.recorded.has(id)), 'to finish the queue');
    } catch (error) {
      throw new Error([...(await this.faults()), (error as Error).message].join('; '), { cause: error });
    }
  }

  /** How many times jobs were begun again after a kill. */
  get runAgain(): number {
    const runs = [...this.#daemons].flatMap(({ ran }) => ran);
    return runs.length - new Set(runs).size;
  }

  /** What is wrong with the file, and with what the current daemon has done so far. */
  async faults(): Promise<string[]> {
    const state = await this.state();
    return [...auditState(state, this.acknowledged), ...auditLife(this.#before, this.jobd.ran, state)];
  }

  /** A process that has nothing to do with jobd. */
  async startStranger(): Promise<ChildProcess> {
    // It lives for as long as its standard input, which is ours, is open.
    const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    this.#strangers.add(stranger);
    await once(stranger, 'spawn');
    return stranger;
  }

  async configure(configuration: Configuration): Promise<void> {
    await writeFileAtomic(join(this.directory, 'jobd.json'), JSON.stringify(configuration));
  }

  /** The state in the file; whoever reads takes no lock. */
  async state(): Promise<State> {
    return await readState(join(this.directory, 'state.json'));
  }

  /** Ends every process that it started, and removes the directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#daemons].map(async (daemon) => await daemon.kill()));
    this.#leave();
    process.off('exit', this.#leave);
  }

  /** Also when an error that nobody caught ends this process. */
  readonly #leave = (): void => {
    for (const { child } of this.#daemons) child.kill('SIGKILL');
    for (const stranger of this.#strangers) stranger.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  };
}
