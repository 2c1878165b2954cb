import { callInPool, callSync, type TreeCall, type Walk } from './tree-calls.ts';

/** How long the event loop is kept at a time. */
const SLICE_MS = 4;
/** Who cannot make so many calls in a slice waits for something. */
const FEW_CALLS = 8;
/** In so many slices one after the other, before the calls go elsewhere. */
const SLOW_SLICES = 2;
/** So many calls go through the pool then, before it is tried here again; twice as many when that was slow too. */
const POOL_CALLS = 64;
const MAX_POOL_CALLS = 1024;

type Step<Result> = IteratorResult<TreeCall, Result>;

interface Slice<Result> {
  readonly step: Step<Result>;
  readonly wasSlow: boolean;
}

/**
 * Makes the calls of a walk on this thread, in slices of a few milliseconds, for a call costs less than handing it to
 * another thread. While calls turn out to be slow, they go to the thread pool, one at a time.
 *
 * @returns What the walk returns; rejects with what it throws.
 */
export async function runInSlices<Result>(walk: Walk<Result>): Promise<Result> {
  await nextTurn();
  let slice = runSlice(walk, walk.next());
  let slowSlices = 0;
  let poolCalls = POOL_CALLS;
  while (slice.step.done !== true) {
    let step: Step<Result> = slice.step;
    slowSlices = slice.wasSlow ? slowSlices + 1 : 0;
    if (slowSlices === 0) poolCalls = POOL_CALLS;
    else if (slowSlices >= SLOW_SLICES) {
      step = await runInPool(walk, step, poolCalls);
      poolCalls = Math.min(2 * poolCalls, MAX_POOL_CALLS);
    }
    await nextTurn();
    slice = runSlice(walk, step);
  }
  return slice.step.value;
}

/** Until the time is over. */
function runSlice<Result>(walk: Walk<Result>, first: Step<Result>): Slice<Result> {
  let step = first;
  let calls = 0;
  const switches = timesAsleep();
  const end = performance.now() + SLICE_MS;
  for (; step.done !== true && performance.now() < end; calls += 1) step = resumed(walk, step.value);
  return { step, wasSlow: calls < FEW_CALLS && step.done !== true && timesAsleep() > switches };
}

/**
 * How often this process waited for something other than the processor. On a busy machine it is made to wait for that
 * at any time, and a pool would make it worse.
 */
function timesAsleep(): number {
  return process.resourceUsage().voluntaryContextSwitches;
}

async function runInPool<Result>(walk: Walk<Result>, first: Step<Result>, calls: number): Promise<Step<Result>> {
  let step = first;
  for (let left = calls; step.done !== true && left > 0; left -= 1) step = await resumedByPool(walk, step.value);
  return step;
}

function resumed<Result>(walk: Walk<Result>, call: TreeCall): Step<Result> {
  let value: unknown;
  try {
    value = callSync(call);
  } catch (error) {
    return walk.throw(error);
  }
  return walk.next(value);
}

async function resumedByPool<Result>(walk: Walk<Result>, call: TreeCall): Promise<Step<Result>> {
  let value: unknown;
  try {
    value = await callInPool(call);
  } catch (error) {
    return walk.throw(error);
  }
  return walk.next(value);
}

const waiting: (() => void)[] = [];

/** Resolves in a turn of the event loop that no other walk of this thread has. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting[0]?.();
  waiting.shift();
  if (waiting.length > 0) setImmediate(giveTurn);
}
