import { readdirSync, readFileSync } from 'node:fs';

import { spawnFixture, type FixtureProcess } from '@osx/test-support';

const file = new URL('fixtures/remote.ts', import.meta.url);

export type Answer = { value?: unknown; error?: { name: string; code: string; syscall?: string; message: string } };

/** Names of the lines of /proc/<pid>/status that hold sets of signals. */
export type SetName = 'SigPnd' | 'ShdPnd' | 'SigBlk' | 'SigIgn' | 'SigCgt';

/** A child that calls functions of this package for a test, on its main thread or in a Worker. */
export class Remote {
  readonly process: FixtureProcess;
  readonly events: string[] = [];

  constructor(process: FixtureProcess) {
    this.process = process;
  }

  get pid(): number {
    return this.process.pid;
  }

  async call(name: string, ...args: unknown[]): Promise<Answer> {
    this.process.send(JSON.stringify([name, ...args]));
    for (;;) {
      const line = JSON.parse(await this.process.nextLine()) as Answer & { event?: string };
      if (line.event === undefined) return line;
      this.events.push(line.event);
    }
  }

  /** The next signal that a listener of it saw. */
  async nextEvent(): Promise<string | undefined> {
    return this.events.shift() ?? (JSON.parse(await this.process.nextLine()) as { event?: string }).event;
  }

  /** What the kernel says of its main thread. */
  kernelSet(name: SetName): number[] {
    return statusSet(`/proc/${this.pid}/status`, name);
  }

  /** What the kernel says of each of its threads. */
  kernelSets(name: SetName): number[][] {
    const tasks = `/proc/${this.pid}/task`;
    return readdirSync(tasks).map((task) => statusSet(`${tasks}/${task}/status`, name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}

type FixtureOptions = Parameters<typeof spawnFixture>[2];

export async function startRemote(where: 'main' | 'worker' = 'main', options: FixtureOptions = {}): Promise<Remote> {
  return new Remote(await spawnFixture(file, [where], options));
}

function statusSet(path: string, name: SetName): number[] {
  const hex = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(readFileSync(path, 'latin1'))?.[1] ?? '';
  const bits = BigInt(`0x${hex}`);
  return Array.from({ length: 64 }, (_, index) => index + 1).filter((number) => (bits >> BigInt(number - 1)) & 1n);
}
