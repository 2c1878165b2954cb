/**
 * Hooks around every child that a program starts: before it, after it in the parent, and in the child before its own code.
 *
 * @module
 */
export { addForkHook } from './add-fork-hook.ts';
export type { AddedForkHook } from './added-fork-hook.ts';
export { forkDepth } from './fork-depth.ts';
export type { ForkedChild, ForkEvent, ForkHook, ForkKind, ForkOutcome } from './fork-hook.ts';
export { hasForkHook } from './has-fork-hook.ts';
export { ProcessOrigin } from './process-origin.ts';
export { removeForkHook } from './remove-fork-hook.ts';
export { tryAddForkHook } from './try-add-fork-hook.ts';
