import { checkFunction, checkString, invalidArgType } from '@osx/errors';

import type { CleanupFunction, NamedCleanup } from '../graceful-shutdown.ts';

/** The cleanups of an argument, copied, each with a name. */
export function checkCleanups(argument: string, value: unknown): NamedCleanup[] {
  if (!Array.isArray(value)) return [checkCleanup(argument, value)];
  return Array.from(value, (entry, index) => checkCleanup(`${argument}[${index}]`, entry));
}

function checkCleanup(argument: string, value: unknown): NamedCleanup {
  if (typeof value === 'function') return { name: value.name || 'anonymous', run: value as CleanupFunction };
  if (typeof value !== 'object' || value === null) {
    throw invalidArgType(argument, 'a function, an object { name, run } or an array of them', value);
  }
  const { name, run } = value as NamedCleanup;
  checkFunction(`${argument}.run`, run);
  return { name: checkString(`${argument}.name`, name), run: run.bind(value) };
}
