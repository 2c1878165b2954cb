import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { SpawnWithDeathpactOptions } from '@osx/deathpacts';
import { eventually, spawnFixture } from '@osx/test-support';
import type { FixtureProcess } from '@osx/test-support';

import { guardiansOf, isZombie, killMarked, processesWith } from './survivors.ts';

const fixture = new URL('fixtures/keeper.ts', import.meta.url);
const timeoutMs = 30_000;

/** What is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnWithDeathpactOptions;
}

/** What the keeper does when it is told. */
export type Order =
  | { readonly start: Program }
  | { readonly startInWorker: Program }
  | { readonly terminate: true }
  | { readonly block: true }
  | { readonly exit: number };

/** A parent that starts what it is told, and everything that came of it, found by a marker. */
export class Keeper {
  readonly marker: string;
  readonly #process: FixtureProcess;

  private constructor(marker: string, keeper: FixtureProcess) {
    this.marker = marker;
    this.#process = keeper;
  }

  /** @param options For `spawnFixture`. */
  static async start(options: Parameters<typeof spawnFixture>[2] = {}): Promise<Keeper> {
    const marker = `osx-keeper-${randomUUID()}`;
    return new Keeper(
      marker,
      await spawnFixture(fixture, [], { ...options, env: { ...options.env, OSX_KEEPER: marker } }),
    );
  }

  get pid(): number {
    return this.#process.pid;
  }

  async obey(order: Order): Promise<unknown> {
    this.#process.send(JSON.stringify(order));
    return JSON.parse(await this.#process.nextLine({ timeoutMs }));
  }

  /** @returns The program's pid, or the code of the error. */
  async run(command: string, args: readonly string[], options: SpawnWithDeathpactOptions = {}): Promise<number> {
    return (await this.obey({ start: { command, args, options } })) as number;
  }

  /** A shell script, with this process's marker in all that it starts. */
  async script(text: string, options: SpawnWithDeathpactOptions = {}): Promise<number> {
    return await this.run('sh', ['-c', text, 'sh', this.marker], options);
  }

  /** All that it started and that lives. */
  get offspring(): number[] {
    const guardians = this.guardians;
    return processesWith(this.marker).filter((pid) => pid !== this.pid && !guardians.includes(pid));
  }

  get guardians(): number[] {
    return guardiansOf(this.pid).filter((pid) => !isZombie(pid));
  }

  /** All children that nobody has waited for, zombies too. */
  get children(): number[] {
    return (readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'latin1').match(/\d+/g) ?? []).map(Number);
  }

  async has(count: number): Promise<void> {
    await eventually(() => this.offspring.length === count, { timeoutMs });
  }

  /** Kills it, and waits until nothing of it is left. @throws when something is. */
  async killAndLookAfter(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#process.exited;
    await this.nothingIsLeft();
  }

  async nothingIsLeft(): Promise<void> {
    await eventually(() => this.offspring.length + this.guardians.length === 0, { timeoutMs });
  }

  get exited(): FixtureProcess['exited'] {
    return this.#process.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    killMarked(this.marker);
    await this.#process[Symbol.asyncDispose]();
  }
}
