import { namesIn } from './signal-names.ts';
import { signalTable } from './signal-table.ts';
import { changeThreadMask, type MaskChange } from './thread-mask.ts';

/** Of each signal that a scope decided on: whether it was blocked before. */
export type MaskScope = Map<number, boolean>;

/** This thread's open scopes, in order of opening: modules are one per thread. */
const open: MaskScope[] = [];

export function openMaskScope(how: MaskChange, numbers: readonly number[]): MaskScope {
  const former = new Set(changeThreadMask(how, numbers));
  const decided = how === 'set' ? namesIn(signalTable()).values() : numbers;
  const scope: MaskScope = new Map(Array.from(decided, (number) => [number, former.has(number)]));
  open.push(scope);
  return scope;
}

/** What the scope found goes back, to the mask or, where a later scope decides on the signal, to that scope. */
export function closeMaskScope(scope: MaskScope): void {
  const index = open.indexOf(scope);
  if (index === -1) return;
  const later = open.slice(index + 1);
  const block: number[] = [];
  const unblock: number[] = [];
  for (const [number, wasBlocked] of scope) {
    const next = later.find((candidate) => candidate.has(number));
    if (next === undefined) (wasBlocked ? block : unblock).push(number);
    else next.set(number, wasBlocked);
  }
  open.splice(index, 1);
  changeThreadMask('block', block);
  changeThreadMask('unblock', unblock);
}
