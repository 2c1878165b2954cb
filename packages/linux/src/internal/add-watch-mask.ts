import { checkBoolean, checkInteger, checkOneOf, invalidArgValue } from '@osx/errors';

import {
  IN_ALL_EVENTS,
  IN_DONT_FOLLOW,
  IN_EXCL_UNLINK,
  IN_MASK_ADD,
  IN_MASK_CREATE,
  IN_ONESHOT,
  IN_ONLYDIR,
} from '../inotify/constants.ts';
import type { AddWatchOptions } from '../inotify/inotify-options.ts';

const MODE_FLAGS = { replace: 0, add: IN_MASK_ADD, create: IN_MASK_CREATE } as const;
const ACCEPTED =
  (IN_ALL_EVENTS | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_MASK_ADD | IN_MASK_CREATE | IN_ONESHOT) >>> 0;

export interface WantedMask {
  /** For inotify_add_watch: events and flags. */
  readonly argument: number;
  /** What stays with the watch: events, IN_EXCL_UNLINK, IN_ONESHOT. */
  readonly inForce: number;
}

/** Checks a mask with its options: the kernel would ignore unknown bits without a word. */
export function addWatchMask(mask: number, options: AddWatchOptions): WantedMask {
  checkInteger('mask', mask, { min: 1, max: 0xffff_ffff });
  const mode = checkOneOf('options.mode', options.mode ?? 'replace', ['replace', 'add', 'create'] as const);
  let argument = mask | MODE_FLAGS[mode];
  if (flag('onlyDirectory', options.onlyDirectory)) argument |= IN_ONLYDIR;
  if (flag('dontFollow', options.dontFollow)) argument |= IN_DONT_FOLLOW;
  if (flag('excludeUnlinked', options.excludeUnlinked)) argument |= IN_EXCL_UNLINK;
  if (flag('oneshot', options.oneshot)) argument |= IN_ONESHOT;
  if ((argument & ~ACCEPTED) !== 0) throw invalidArgValue('mask', 'made of IN_* events and watch flags', mask);
  if ((argument & IN_ALL_EVENTS) === 0) throw invalidArgValue('mask', 'to contain at least one event', mask);
  if ((argument & IN_MASK_ADD) !== 0 && (argument & IN_MASK_CREATE) !== 0) {
    throw invalidArgValue('mask', 'without one of IN_MASK_ADD and IN_MASK_CREATE', mask);
  }
  return { argument: argument >>> 0, inForce: (argument & (IN_ALL_EVENTS | IN_EXCL_UNLINK | IN_ONESHOT)) >>> 0 };
}

function flag(name: string, value: boolean | undefined): boolean {
  return value !== undefined && checkBoolean(`options.${name}`, value);
}
