import type { ConsoleMethod } from './console-sink.ts';

/** One method of a console that somebody replaced. */
export interface ConsolePatch {
  /** Calls what was there before. */
  callPrevious(args: unknown[]): void;
  /** Puts that back, as it was found; where others have replaced it since, theirs stays and comes through to it. */
  undo(): void;
}

interface Replacement {
  readonly previous: PropertyDescriptor | undefined;
  isUndone: boolean;
}

const replacements = new WeakMap<object, Replacement>();

/**
 * @param target The console.
 * @param log Is called instead; itself is what the user calls.
 */
export function patchConsole(
  target: Console,
  method: ConsoleMethod,
  log: (patch: ConsolePatch, args: unknown[], self: (...args: unknown[]) => void) => void,
): ConsolePatch {
  const replacement: Replacement = { previous: Object.getOwnPropertyDescriptor(target, method), isUndone: false };
  const inherited = target[method] as unknown;
  const patch: ConsolePatch = {
    callPrevious(args) {
      const { previous } = replacement;
      const found = (previous === undefined ? inherited : (previous.value ?? previous.get?.call(target))) as unknown;
      if (typeof found === 'function') Reflect.apply(found, target, args);
    },
    undo() {
      replacement.isUndone = true;
      if (Object.getOwnPropertyDescriptor(target, method)?.value === self) restore(target, method, replacement);
    },
  };
  const self = (...args: unknown[]): void => {
    if (replacement.isUndone) patch.callPrevious(args);
    else log(patch, args, self);
  };
  Object.defineProperty(self, 'name', { value: method, configurable: true });
  replacements.set(self, replacement);
  const { enumerable = true } = replacement.previous ?? {};
  Object.defineProperty(target, method, { value: self, writable: true, enumerable, configurable: true });
  return patch;
}

/** Past those that were undone while this one was above them. */
function restore(target: Console, method: ConsoleMethod, { previous }: Replacement): void {
  const below = previous?.value === undefined ? undefined : replacements.get(previous.value as object);
  if (below?.isUndone === true) restore(target, method, below);
  else if (previous === undefined) Reflect.deleteProperty(target, method);
  else Object.defineProperty(target, method, previous);
}
