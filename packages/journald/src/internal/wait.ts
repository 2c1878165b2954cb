/** Something that is waited for; whether it keeps the process alive is up to who waits. */
export interface Wait {
  ref(): void;
  unref(): void;
  cancel(): void;
}

/** When nothing tells, or others are faster again and again. */
const RETRY_MS = 5;

/** A wait for some milliseconds. */
export function afterAWhile(callback: () => void, milliseconds: number = RETRY_MS): Wait {
  const timer = setTimeout(callback, milliseconds);
  return { ref: () => void timer.ref(), unref: () => void timer.unref(), cancel: () => clearTimeout(timer) };
}

/** One wait after the other, as one. */
export function inTurn(steps: ((next: () => void) => Wait)[], callback: () => void): Wait {
  let isRef = true;
  let current: Wait | undefined;
  const next = (): void => {
    const step = steps.shift();
    current = step?.(next);
    if (step === undefined) callback();
    else if (!isRef) current?.unref();
  };
  next();
  return {
    ref() {
      isRef = true;
      current?.ref();
    },
    unref() {
      isRef = false;
      current?.unref();
    },
    cancel() {
      steps.length = 0;
      current?.cancel();
    },
  };
}

/** Whichever comes first. */
export function either(
  first: (done: () => void) => Wait,
  second: (done: () => void) => Wait,
  callback: () => void,
): Wait {
  let waits: Wait[] = [];
  let isDone = false;
  const done = (): void => {
    if (isDone) return;
    isDone = true;
    for (const wait of waits) wait.cancel();
    callback();
  };
  waits = [first(done), second(done)];
  return {
    ref() {
      for (const wait of waits) wait.ref();
    },
    unref() {
      for (const wait of waits) wait.unref();
    },
    cancel() {
      isDone = true;
      for (const wait of waits) wait.cancel();
    },
  };
}
