import type { ForkedChild, ForkEvent, ForkHook, ForkOutcome } from '../fork-hook.ts';
import type { ChildCall } from './child-call.ts';
import { callChildModule } from './child-module.ts';
import { reportError } from './report-error.ts';

/** A hook that was added, with what it was given as at that time. */
export interface Registration extends ForkHook {
  readonly priority: number;
  readonly childCall: ChildCall | undefined;
  isRemoved: boolean;
}

/** One start of a child: its event, and the hooks that have seen it, in the order of `after`. */
export interface ForkRound {
  readonly event: ForkEvent;
  readonly entered: readonly EnteredHook[];
}

interface EnteredHook {
  readonly registration: Registration;
  readonly data: unknown;
}

/** In the order of `after`: by priority, then by registration. Replaced at each change, so that a round keeps its own. */
let registrations: readonly Registration[] = [];
let runningHooks = 0;

export function findRegistration(key: string | symbol): Registration | undefined {
  return registrations.find((registration) => registration.key === key);
}

export function hasRegistrations(): boolean {
  return registrations.length > 0;
}

/** Puts it behind its equals. */
export function insertRegistration(registration: Registration): void {
  const later = registrations.findIndex(({ priority }) => priority > registration.priority);
  registrations = registrations.toSpliced(later === -1 ? registrations.length : later, 0, registration);
}

/** Takes it out; a round in which its `beforeFork` has run will still run its `after`. */
export function deleteRegistration(registration: Registration): void {
  registration.isRemoved = true;
  registrations = registrations.filter((one) => one !== registration);
}

/** What a hook starts itself is started without hooks, or it would never end. */
export function isRunningHooks(): boolean {
  return runningHooks > 0;
}

/**
 * Runs `beforeFork` of every hook, the outermost first.
 *
 * @param event Is amended by them.
 * @returns To be ended by {@link runAfterInParent}, and in the child of a true fork by {@link runAfterInChild}.
 * @throws What a hook throws, after those that had run were told (`unwound`).
 */
export function runBeforeFork(event: ForkEvent): ForkRound {
  const entered: EnteredHook[] = [];
  for (const registration of registrations.toReversed()) {
    if (registration.isRemoved) continue;
    try {
      entered.unshift({ registration, data: callBefore(registration, event) });
    } catch (error) {
      const told = entered.filter((one) => one.registration.beforeFork !== undefined);
      runAfterInParent({ event, entered: told }, { error, unwound: true });
      throw error;
    }
  }
  return { event, entered };
}

function callBefore(registration: Registration, event: ForkEvent): unknown {
  if (registration.beforeFork === undefined) return undefined;
  const data = runAsHook(() => registration.beforeFork?.(event));
  if (!isThenable(data)) return data;
  // Nobody waits for it: what it rejects with is replaced by this error.
  data.then(undefined, () => {});
  throw new TypeError(`beforeFork of ${String(registration.key)} returned a promise: the child cannot wait for it`);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** Runs `afterForkInParent` of every hook of the round, the innermost first; what one throws is reported. */
export function runAfterInParent({ event, entered }: ForkRound, outcome: Omit<ForkOutcome, 'data'>): void {
  for (const { registration, data } of entered) {
    try {
      runAsHook(() => registration.afterForkInParent?.(event, { ...outcome, data }));
    } catch (error) {
      reportError(error);
    }
  }
}

/**
 * Runs `afterForkInChild` of every hook of the round, in the child of a true fork: the functions themselves, with all that
 * they close over, for the child has a copy of it.
 *
 * @param report Told what a hook throws; in a child that never returns to its event loop no one would hear of it otherwise.
 */
export function runAfterInChild(
  { event, entered }: ForkRound,
  parent: ForkedChild['parent'],
  report: (error: unknown) => void = reportError,
): void {
  for (const { registration, data } of entered) {
    const { key, afterForkInChild, childCall } = registration;
    const child: ForkedChild = { key: String(key), kind: event.kind, data, parent };
    try {
      runAsHook(() => {
        if (typeof afterForkInChild === 'function') afterForkInChild(child);
        else if (childCall !== undefined && 'module' in childCall) callChildModule(childCall.module, child);
      });
    } catch (error) {
      report(error);
    }
  }
}

function runAsHook<T>(run: () => T): T {
  runningHooks++;
  try {
    return run();
  } finally {
    runningHooks--;
  }
}
