import { invalidArgValue } from '@osx/errors';

import type { ForkKind } from '../fork-hook.ts';

const isSwitch = (value: unknown): boolean => value === undefined || typeof value === 'boolean';
const isId = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'number' && (value | 0) === value);
const isTime = (value: unknown): boolean =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
const isText = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && !value.includes('\0'));
const isCheckedByNode = (): boolean => true;

const AMENDABLE: Readonly<Record<string, (value: unknown) => boolean>> = {
  argv0: isText,
  cwd: isText,
  detached: isSwitch,
  gid: isId,
  timeout: isTime,
  uid: isId,
  windowsHide: isSwitch,
  windowsVerbatimArguments: isSwitch,
};

/** For the Sync functions Node has turned them into something else by now. */
const AMENDABLE_WHEN_ASYNC: typeof AMENDABLE = { serialization: isCheckedByNode, stdio: isCheckedByNode };

/** @throws {TypeError} for an option that has had its effect by now (`shell`, `signal`), and for a bad value. */
export function checkAmendment(kind: ForkKind, name: string, value: unknown): void {
  const amendable = kind.endsWith('Sync') ? AMENDABLE : { ...AMENDABLE, ...AMENDABLE_WHEN_ASYNC };
  if (!Object.hasOwn(amendable, name)) {
    const names = Object.keys(amendable).join(', ');
    throw invalidArgValue(`event.options.${name}`, `left as it is: hooks of ${kind} may amend ${names}`, value);
  }
  if (amendable[name]?.(value) !== true) throw invalidArgValue(`event.options.${name}`, 'valid', value);
}
