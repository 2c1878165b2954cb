import {
  checkAbortSignal,
  checkInteger,
  checkOptions,
  checkString,
  checkTimeoutMs,
  invalidArgType,
  invalidArgValue,
} from '@osx/errors';

import type { CgroupWaitOptions, SubtreeControlChange } from '../cgroups/cgroup-options.ts';

const MAX_NAME_BYTES = 255;

/** The name of a directory entry, of a cgroup or of one of its files: it cannot lead anywhere else. */
export function checkEntryName(name: string, value: unknown): string {
  const text = checkString(name, value);
  const isEntry = text !== '' && text !== '.' && text !== '..' && !/[/\0\n]/.test(text);
  if (!isEntry || Buffer.byteLength(text) > MAX_NAME_BYTES) {
    throw invalidArgValue(
      name,
      `a name of 1 to ${MAX_NAME_BYTES} bytes without '/', NUL and newline, not '.' or '..'`,
      value,
    );
  }
  return text;
}

/** A path in the hierarchy: `/`, or names with a slash before each. */
export function checkCgroupPath(value: unknown): string {
  const path = checkString('path', value);
  if (path === '/') return path;
  if (!path.startsWith('/')) throw invalidArgValue('path', "a path in the hierarchy, which begins with '/'", value);
  for (const name of path.slice(1).split('/')) checkEntryName('path', name);
  return path;
}

export function checkPid(name: string, value: unknown): number {
  return checkInteger(name, value, { min: 1, max: 2 ** 31 - 1 });
}

/** What is written to a file of a cgroup: text, or a number in decimal. */
export function checkValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (value === Infinity) return 'max';
  if (typeof value !== 'number') throw invalidArgType('value', 'of type string, number or bigint', value);
  return String(checkInteger('value', value));
}

export function checkWaitOptions(options: CgroupWaitOptions | undefined): CgroupWaitOptions {
  const { signal, timeoutMs } = checkOptions('options', options);
  return {
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}

/** `+memory -io`, as cgroup.subtree_control takes it; '' when nothing is to change. */
export function subtreeControlText(change: SubtreeControlChange): string {
  const { enable, disable } = checkOptions('change', change);
  return [...signed('+', 'change.enable', enable), ...signed('-', 'change.disable', disable)].join(' ');
}

function signed(sign: string, name: string, controllers: readonly string[] | undefined): string[] {
  if (controllers === undefined) return [];
  if (!Array.isArray(controllers)) throw invalidArgType(name, 'an array', controllers);
  return controllers.map((controller) => {
    if (/^[a-z0-9_]+$/.test(checkString(name, controller))) return sign + controller;
    throw invalidArgValue(name, 'names of controllers, such as memory', controller);
  });
}
