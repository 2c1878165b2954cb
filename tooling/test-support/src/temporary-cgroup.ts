import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { undoAtExit } from './internal/at-exit.ts';
import { runTool } from './run-tool.ts';

/** A control group of its own for one test. */
export interface TemporaryCgroup {
  /** Its directory. */
  readonly directory: string;
  /** Where it is in the hierarchy, as /proc/PID/cgroup has it. */
  readonly path: string;
  [Symbol.dispose](): void;
}

const GIVE_UP_AFTER_MS = 5_000;
let count = 0;

/**
 * Makes an empty cgroup of version 2, which is killed and removed, with all that was made below, when it is disposed.
 * Where no writable hierarchy is mounted, one is, below the directory of temporary files. That mount stays: it is one for
 * all test files that run at a time, and whoever found a cgroup in it would lose it.
 *
 * Platform: Linux, `needs('cgroup2')`.
 *
 * Gotcha: move only processes into it that the test has started.
 */
export function temporaryCgroup(): TemporaryCgroup {
  const name = `osx-test-${process.pid}-${(count += 1)}`;
  const { mountPoint, root } = writableHierarchy(name);
  const directory = join(mountPoint, name);
  const remove = (): void => removeTree(directory);
  const keep = undoAtExit(remove);
  return {
    directory,
    path: join(root, name),
    [Symbol.dispose]() {
      keep();
      remove();
    },
  };
}

/** Makes the cgroup where that is allowed, and says in which mount. */
function writableHierarchy(name: string): { mountPoint: string; root: string } {
  for (const { mountPoint, root } of mounts()) {
    if (tryToMake(join(mountPoint, name))) return { mountPoint, root };
  }
  const mountPoint = join(tmpdir(), 'osx-cgroup2');
  mkdirSync(mountPoint, { recursive: true });
  runTool('mount', ['-t', 'cgroup2', 'none', mountPoint]);
  mkdirSync(join(mountPoint, name));
  return { mountPoint, root: mounts().find((mount) => mount.mountPoint === mountPoint)?.root ?? '/' };
}

function mounts(): { mountPoint: string; root: string }[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines
    .filter((line) => line.includes(' - cgroup2 '))
    .map((line) => {
      const [, , , root = '', mountPoint = ''] = line.split(' ');
      return { mountPoint, root };
    });
}

/** Another mount may hide the hierarchy: then it is a plain directory that was made. */
function tryToMake(directory: string): boolean {
  try {
    mkdirSync(directory);
  } catch {
    return false;
  }
  if (existsSync(join(directory, 'cgroup.procs'))) return true;
  rmdirSync(directory);
  return false;
}

function removeTree(directory: string): void {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(directory, entry.name));
  }
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    try {
      rmdirSync(directory);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      if (performance.now() > deadline) throw error;
    }
    killAll(directory);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
}

/** Without cgroup.kill (Linux before 5.14), and in threaded cgroups, the test must have ended its processes. */
function killAll(directory: string): void {
  try {
    writeFileSync(join(directory, 'cgroup.kill'), '1');
  } catch (error) {
    if (!['ENOENT', 'ENOTSUP', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
