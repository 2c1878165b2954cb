import { loadNative, type Native } from '../library.ts';

/** Functions of one library that are not bound yet. */
export type Unbound = Set<() => void>;

const unboundOfLibc: Unbound = new Set();

/**
 * A function of C that is bound when it is first wanted.
 *
 * In a Worker everything that is defined of the same library is bound then, because koffi binds in calls that abort the
 * process when `worker.terminate()` falls into them (the load of koffi itself is the longest); calling what is bound is
 * safe. So that can happen only where a Worker makes its first call into a library, not at any later one.
 */
export function bindLazily<Bound>(bind: (native: Native) => Bound, unbound: Unbound = unboundOfLibc): () => Bound {
  let bound: Bound | undefined;
  const bindThis = (): void => {
    bound = bind(loadNative());
    unbound.delete(bindThis);
  };
  unbound.add(bindThis);
  return () => {
    if (bound === undefined) {
      bindThis();
      if (!process.getBuiltinModule('node:worker_threads').isMainThread) bindOthers(unbound);
    }
    return bound as Bound;
  };
}

function bindOthers(unbound: Unbound): void {
  for (const bind of unbound) {
    try {
      bind();
    } catch {
      // Not in this system's library: whoever calls it is told so.
      unbound.delete(bind);
    }
  }
}
