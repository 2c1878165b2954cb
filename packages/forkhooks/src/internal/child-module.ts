import { createRequire } from 'node:module';

import type { ForkedChild } from '../fork-hook.ts';

/** Loads the module and calls its default export, all before it returns. */
export function callChildModule(file: string, child: ForkedChild): void {
  const loaded = createRequire(import.meta.url)(file) as { default?: unknown } | undefined;
  const call: unknown = typeof loaded === 'function' ? loaded : loaded?.default;
  if (typeof call !== 'function') throw new TypeError(`the default export of ${file} must be a function`);
  (call as (child: ForkedChild) => void)(child);
}
