import { ROOT_VARIABLE } from './child-payload.ts';
import { rootForChildren } from './fork-depth-of.ts';
import { runChildHooks } from './run-child-hooks.ts';
import { takePayloads } from './take-payloads.ts';

/**
 * What a child of a program with fork hooks does before its own code.
 *
 * @param file The module that was loaded to do it.
 */
export function preload(file: string): void {
  // As early as can be: what cannot be proved once the parent is gone is proved now.
  const root = rootForChildren();
  if (root !== undefined) process.env[ROOT_VARIABLE] = root;
  runChildHooks(takePayloads(file));
}
