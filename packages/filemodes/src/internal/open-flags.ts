import { constants } from 'node:fs';

import { closeOnExecFlag } from '../select-backend.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;
/** Windows has none. */
const O_SYNC: number | undefined = constants.O_SYNC;
const ACCESS_MODE = O_RDONLY | O_WRONLY | O_RDWR;

/** What the flags of open(2) say that a mode can say. */
export interface OpenTraits {
  readonly read: boolean;
  readonly write: boolean;
  readonly append: boolean;
  readonly create: boolean;
  readonly truncate: boolean;
  readonly exclusive: boolean;
  readonly sync: boolean;
  readonly closeOnExec: boolean;
}

export function bitsOf(traits: OpenTraits): number {
  const access = traits.read ? (traits.write ? O_RDWR : O_RDONLY) : O_WRONLY;
  return (
    access |
    (traits.append ? O_APPEND : 0) |
    (traits.create ? O_CREAT : 0) |
    (traits.truncate ? O_TRUNC : 0) |
    (traits.exclusive ? O_EXCL : 0) |
    (traits.sync ? (O_SYNC ?? 0) : 0) |
    (traits.closeOnExec ? closeOnExecFlag() : 0)
  );
}

/** The traits, and the names of the flags that no trait stands for. */
export function traitsOf(flags: number): { traits: OpenTraits; others: string[] } {
  const access = flags & ACCESS_MODE;
  const sync = O_SYNC !== undefined && (flags & O_SYNC) === O_SYNC;
  const cloexec = hasCloseOnExec() ? closeOnExecFlag() : 0;
  const traits = {
    read: access !== O_WRONLY,
    write: access !== O_RDONLY,
    append: (flags & O_APPEND) !== 0,
    create: (flags & O_CREAT) !== 0,
    truncate: (flags & O_TRUNC) !== 0,
    exclusive: (flags & O_EXCL) !== 0,
    sync,
    closeOnExec: (flags & cloexec) !== 0,
  };
  const rest = flags & ~(ACCESS_MODE | O_APPEND | O_CREAT | O_TRUNC | O_EXCL | cloexec | (sync ? O_SYNC : 0));
  const others = flagNames(rest & ~largeFile());
  if (access === ACCESS_MODE) others.unshift('access mode 3');
  return { traits, others };
}

/** `O_RDWR|O_CREAT`, as in C. */
export function flagText(traits: OpenTraits): string {
  const names = [traits.read ? (traits.write ? 'O_RDWR' : 'O_RDONLY') : 'O_WRONLY'];
  if (traits.create) names.push('O_CREAT');
  if (traits.exclusive) names.push('O_EXCL');
  if (traits.truncate) names.push('O_TRUNC');
  if (traits.append) names.push('O_APPEND');
  if (traits.sync) names.push('O_SYNC');
  if (traits.closeOnExec) names.push('O_CLOEXEC');
  return names.join('|');
}

function hasCloseOnExec(): boolean {
  return process.platform === 'linux' || process.platform === 'darwin';
}

/** The kernel sets it in every 64-bit process, and F_GETFL shows it; the headers call it 0. (asm/fcntl.h) */
function largeFile(): number {
  if (process.platform !== 'linux') return 0;
  return process.arch === 'arm64' || process.arch === 'arm' ? 0o400000 : 0o100000;
}

function flagNames(bits: number): string[] {
  const names: string[] = [];
  let rest = bits;
  for (const [name, value] of Object.entries(constants)) {
    if (!name.startsWith('O_') || value === 0 || (rest & value) !== value) continue;
    names.push(name);
    rest &= ~value;
  }
  if (rest !== 0) names.push(`0o${rest.toString(8)}`);
  return names;
}
