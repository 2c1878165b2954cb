import { spawnFixture } from '@osx/test-support';

const fixture = new URL('fixtures/family.ts', import.meta.url);

/** A kid of the family fixture: what it has a pact with, and how it behaves. */
export interface KidSpec {
  readonly pact: 'ParentDeathSignal' | 'ProcessDeathpact' | 'PipeDeathpact' | 'HeartbeatFileDeathpact';
  readonly options: {
    readonly signal?: string;
    readonly graceMs?: number;
    readonly escalation?: string;
    readonly output?: 'stderr';
    readonly path?: string;
    readonly ttlMs?: number;
  };
  readonly onDie?: 'print' | 'async' | 'hang' | 'block' | 'throw';
  readonly listen?: readonly string[];
  /** Blocks the event loop of the main thread for ever. */
  readonly block?: boolean;
  readonly inWorker?: boolean;
  readonly throughShell?: boolean;
  /** Arms only so many milliseconds after the parent's death. */
  readonly late?: number;
  readonly closed?: boolean;
  readonly setegid?: number;
  /** Not waited for: looked at when the others have ended, and then killed. */
  readonly survives?: boolean;
}

/** How a kid ended, and what it said before. */
export interface KidEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly tookMs: number;
  readonly said: readonly string[];
  /** When all that do not survive had ended. */
  readonly wasAlive?: boolean;
}

/** Starts a parent with kids, kills it by SIGKILL, and tells how each kid ended. @returns Standard error comes along. */
export async function killParentOf(specs: readonly KidSpec[]): Promise<{ ends: KidEnd[]; stderr: string }> {
  await using reaper = await spawnFixture(fixture, ['reaper', JSON.stringify(specs)], { readyTimeoutMs: 120_000 });
  reaper.send('kill');
  const ends = JSON.parse(await reaper.nextLine({ timeoutMs: 120_000 })) as KidEnd[];
  await reaper.exited;
  return { ends, stderr: reaper.stderr };
}
