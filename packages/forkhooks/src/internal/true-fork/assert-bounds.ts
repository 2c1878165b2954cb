import { isForkedChild } from './forked-child-mark.ts';
import { glibcVersion, uvDefaultLoop } from './native-calls.ts';
import { nodeFlags } from './node-flags.ts';
import { refuse } from './refuse.ts';

/** Where the experiment was run. V8 and libuv are what makes a fork sound or not, so each major is its own question. */
const NODE_MAJORS = ['22', '24', '26'];

/**
 * Refuses wherever a fork(2) is not known to be sound, before anything is done.
 *
 * @throws {UnsupportedError} saying what would be needed.
 */
export function assertBounds(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw refuse('Linux on x86-64');
  const { versions } = process;
  if (versions['bun'] !== undefined || versions['deno'] !== undefined || versions['electron'] !== undefined) {
    throw refuse('Node.js itself');
  }
  if (!NODE_MAJORS.includes(versions.node.split('.')[0] as string)) {
    throw refuse(`Node.js ${NODE_MAJORS.join(', ')}`, `Node.js ${versions.node}`);
  }
  if (!process.getBuiltinModule('node:worker_threads').isMainThread) throw refuse('the main thread', 'a Worker');
  if (isForkedChild()) throw refuse('a process that was not forked itself', 'a forked child');
  const { isSingleThreaded, poolSize } = nodeFlags(process.execArgv, process.env['NODE_OPTIONS']);
  if (!isSingleThreaded || poolSize !== 1) {
    throw refuse('node --single-threaded --v8-pool-size=1', `node ${process.execArgv.join(' ')}`.trim());
  }
  assertLibraries();
}

function assertLibraries(): void {
  try {
    glibcVersion();
  } catch (cause) {
    throw refuse('glibc', undefined, cause);
  }
  try {
    uvDefaultLoop();
  } catch (cause) {
    throw refuse('a node binary that exports libuv', undefined, cause);
  }
}
