import { checkFunction, checkOptions, invalidArgType, invalidArgValue, outOfRange } from '@osx/errors';

import type { ForkHook } from '../fork-hook.ts';
import { childCallOf } from './child-call.ts';
import {
  deleteRegistration,
  findRegistration,
  hasRegistrations,
  insertRegistration,
  type Registration,
} from './hook-registry.ts';
import { installInterception, uninstallInterception } from './interception.ts';

/** What the caller gave, checked and taken as it is now. */
export function checkForkHook(hook: ForkHook): Registration {
  if (hook === undefined) throw invalidArgType('hook', 'of type object', hook);
  const { key, priority = 0, beforeFork, afterForkInParent, afterForkInChild } = checkOptions<ForkHook>('hook', hook);
  if (!Number.isFinite(priority)) {
    if (typeof priority !== 'number') throw invalidArgType('hook.priority', 'of type number', priority);
    throw outOfRange('hook.priority', 'a finite number', priority);
  }
  return {
    key: checkKey('hook.key', key),
    priority,
    beforeFork: beforeFork === undefined ? undefined : checkFunction('hook.beforeFork', beforeFork),
    afterForkInParent:
      afterForkInParent === undefined ? undefined : checkFunction('hook.afterForkInParent', afterForkInParent),
    afterForkInChild,
    childCall: afterForkInChild === undefined ? undefined : childCallOf('hook.afterForkInChild', afterForkInChild),
    isRemoved: false,
  };
}

export function checkKey(name: string, key: unknown): string | symbol {
  if (typeof key === 'symbol') return key;
  if (typeof key !== 'string') throw invalidArgType(name, 'of type string or symbol', key);
  if (key === '') throw invalidArgValue(name, 'not empty', key);
  return key;
}

/** @returns false when there is one with this key. */
export function register(registration: Registration): boolean {
  if (findRegistration(registration.key) !== undefined) return false;
  // First, for it can refuse.
  if (!hasRegistrations()) installInterception();
  insertRegistration(registration);
  return true;
}

export function unregister(registration: Registration): void {
  if (registration.isRemoved) return;
  deleteRegistration(registration);
  if (!hasRegistrations()) uninstallInterception();
}
