import type { ForkedChild } from '../fork-hook.ts';
import { callChildModule } from './child-module.ts';
import type { ChildPayload } from './child-payload.ts';

/**
 * Runs what the parent's hooks have for this child, in their order, all of them.
 *
 * @throws What one has thrown, an AggregateError for several: it ends the child, for nobody is there yet to handle it.
 */
export function runChildHooks(payloads: readonly ChildPayload[]): void {
  const errors: unknown[] = [];
  for (const { kind, parent, calls } of payloads) {
    for (const call of calls) {
      const { key, data } = call;
      const child: ForkedChild = { key, kind, data, parent };
      try {
        if ('module' in call) callChildModule(call.module, child);
        else evaluate(call.source, key)(child);
      } catch (error) {
        errors.push(error);
      }
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, 'several fork hooks have failed in this child');
  if (errors.length === 1) throw errors[0];
}

/** In the global scope. Unlike a script of node:vm it may `import()`. */
function evaluate(source: string, key: string): (child: ForkedChild) => void {
  const name = `afterForkInChild of ${key}`.replaceAll(/\s/g, ' ');
  // oxlint-disable-next-line eslint/no-eval -- what it evaluates is a function of the program that has started this one
  const evaluateGlobally = globalThis.eval;
  return evaluateGlobally(`'use strict';${source}\n//# sourceURL=${name}`) as (child: ForkedChild) => void;
}
