import { constants, Script } from 'node:vm';

import type { ForkedChild } from '../fork-hook.ts';
import { callChildModule } from './child-module.ts';
import type { ChildPayload } from './child-payload.ts';
import { reportError } from './report-error.ts';

/** Runs what the parent's hooks have for this child, in their order; what one throws is reported. */
export function runChildHooks(payloads: readonly ChildPayload[]): void {
  for (const { kind, parent, calls } of payloads) {
    for (const call of calls) {
      const { key, data } = call;
      const child: ForkedChild = { key, kind, data, parent };
      try {
        if ('module' in call) callChildModule(call.module, child);
        else compile(call.source, key)(child);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

function compile(source: string, key: string): (child: ForkedChild) => void {
  const script = new Script(`'use strict';${source}`, {
    filename: `afterForkInChild of ${key}`,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return script.runInThisContext() as (child: ForkedChild) => void;
}
