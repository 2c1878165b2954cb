import { readFile } from 'node:fs/promises';

import { writeFileAtomic } from '@osx/atomics';

/** What a client wants done. The id is the client's: who got no answer sends the job again under the same id. */
export interface Job {
  readonly id: string;
  readonly text: string;
}

export interface Result extends Job {
  readonly digest: string;
  /** The configuration's label when the job was run. */
  readonly label: string;
}

/** Everything the daemon must not forget. A job is in exactly one of the two. */
export interface State {
  readonly queue: Job[];
  readonly done: Result[];
}

/** The state in memory and its file. Only the holder of the pidfile may have one: there is no other lock on the file. */
export class StateFile {
  readonly path: string;
  readonly state: State;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string, state: State) {
    this.path = path;
    this.state = state;
  }

  /** @throws Error when there is a file that is no state: to begin anew in silence would be to lose every job. */
  static async open(path: string): Promise<StateFile> {
    return new StateFile(path, await readState(path));
  }

  /**
   * Resolves once the state, as it is at the call or later, survives a kill and a power cut. Calls made during a write
   * share the next one, so a busy daemon does not pay for a sync per job.
   */
  save(): Promise<void> {
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  async #afterCurrent(): Promise<void> {
    // Whoever asked for the current write hears of its failure.
    await this.#writing.catch(() => {});
    this.#next = undefined;
    this.#writing = writeFileAtomic(this.path, `${JSON.stringify(this.state)}\n`, { durability: 'full' });
    await this.#writing;
  }
}

/** The state in a file; a file that is not there is the beginning. */
export async function readState(path: string): Promise<State> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { queue: [], done: [] };
    throw error;
  }
  try {
    const { queue, done } = JSON.parse(text) as State;
    if (Array.isArray(queue) && Array.isArray(done)) return { queue, done };
  } catch (cause) {
    throw new Error(`${path} is no state of jobd: ${(cause as Error).message}`, { cause });
  }
  throw new Error(`${path} is no state of jobd: it has no queue or no done`);
}
