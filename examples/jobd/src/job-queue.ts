import type { Configuration } from './configuration.ts';
import { runJob, type RunJob } from './run-job.ts';
import type { Job, State, StateFile } from './state-file.ts';

/** Takes jobs, and works them one at a time in the order of their arrival. */
export class JobQueue {
  readonly #file: StateFile;
  readonly #state: State;
  readonly #configuration: () => Configuration;
  readonly #run: RunJob;
  /** The text of every job there ever was, by its id. */
  readonly #known: Map<string, string>;
  #bell = Promise.withResolvers<void>();
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  /**
   * @param configuration Asked anew for every job.
   * @param run Does a job; by default this process does.
   */
  constructor(file: StateFile, configuration: () => Configuration, run: RunJob = runJob) {
    this.#file = file;
    this.#state = file.state;
    this.#configuration = configuration;
    this.#run = run;
    this.#known = new Map([...this.#state.queue, ...this.#state.done].map(({ id, text }) => [id, text]));
  }

  /**
   * Resolves once the job cannot be lost any more; one that is known already is not queued again.
   *
   * @throws Error when the id is another job's, or the state could not be written: then the job may or may not be kept,
   * and sending it again is right.
   */
  async accept(job: Job): Promise<void> {
    const known = this.#known.get(job.id);
    if (known !== undefined && known !== job.text) throw new Error(`${job.id} is the id of another job`);
    if (known === undefined) {
      this.#known.set(job.id, job.text);
      this.#state.queue.push(job);
      this.#bell.resolve();
    }
    // Also for a known job: the write that carries it may still be under way.
    await this.#file.save();
  }

  /**
   * Works until `stop`.
   *
   * @throws Error when a result cannot be recorded. The process should end then: its memory is ahead of its file.
   */
  work(): Promise<void> {
    this.#working = this.#workAll();
    return this.#working;
  }

  /** Begins no other job, and resolves once the running one is recorded. The rest stays queued, in the file. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#bell.resolve();
    await this.#working;
  }

  async #workAll(): Promise<void> {
    while (!this.#stopped) {
      const [job] = this.#state.queue;
      if (job === undefined) await this.#arrival();
      else await this.#workOne(job);
    }
  }

  async #arrival(): Promise<void> {
    this.#bell = Promise.withResolvers();
    await this.#bell.promise;
  }

  async #workOne(job: Job): Promise<void> {
    console.log(`run ${job.id}`);
    const run = this.#run;
    const result = await run(job, this.#configuration());
    // Both in one write: whatever happens, the file has the job as queued or as done, never as both or neither.
    this.#state.queue.shift();
    this.#state.done.push(result);
    await this.#file.save();
    console.log(`recorded ${job.id}`);
  }
}
