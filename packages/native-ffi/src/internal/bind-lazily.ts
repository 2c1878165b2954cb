import { loadNative, type Native } from '../library.ts';

const unbound = new Set<() => void>();

/**
 * A function of C that is bound when it is first wanted.
 *
 * In a Worker everything that is defined is bound then, because koffi binds in calls that abort the process when
 * `worker.terminate()` falls into them (the load of koffi itself is the longest); calling what is bound is safe. So that
 * can happen only where a Worker makes its first native call, not at any later one.
 */
export function bindLazily<Bound>(bind: (native: Native) => Bound): () => Bound {
  let bound: Bound | undefined;
  const bindThis = (): void => {
    bound = bind(loadNative());
    unbound.delete(bindThis);
  };
  unbound.add(bindThis);
  return () => {
    if (bound === undefined) {
      bindThis();
      if (!process.getBuiltinModule('node:worker_threads').isMainThread) bindOthers();
    }
    return bound as Bound;
  };
}

function bindOthers(): void {
  for (const bind of unbound) {
    try {
      bind();
    } catch {
      // Not in this system's libc: whoever calls it is told so.
      unbound.delete(bind);
    }
  }
}
