import { closeSync, readdirSync, readlinkSync } from 'node:fs';

import { checked, linuxConstants } from '@osx/native-ffi';

import { duplicateOver, pipe2, socketpair } from './native-calls.ts';

/** What each descriptor number refers to, as /proc/self/fd says it: `socket:[123]`, `/etc/passwd`. */
export type Descriptors = ReadonlyMap<number, string>;

export function listDescriptors(): Descriptors {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      found.set(Number(name), readlinkSync(`/proc/self/fd/${name}`));
    } catch {
      // The one that this very directory was read by.
    }
  }
  return found;
}

/** A close-on-exec pipe. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

export function openPipe(): Pipe {
  const [readEnd, writeEnd] = twoDescriptors((both) => checked(pipe2(both, linuxConstants().O_CLOEXEC), 'pipe2'));
  return { readEnd, writeEnd };
}

export function closePipe({ readEnd, writeEnd }: Pipe): void {
  closeSync(readEnd);
  closeSync(writeEnd);
}

/**
 * Puts a dead socket in the place of everything that the parent listens on or talks through: sockets, pipes, terminals read,
 * inotify, timers. Nothing ever arrives on it, and what is written is lost. So the child takes no connection and no
 * byte that is the parent's, and keeps no connection open that the parent closes.
 *
 * Files and directories stay, and so do standard output and error, and what was opened since the fork.
 *
 * @param inherited As the parent had them before the fork.
 * @param kept Numbers that the child needs.
 */
export function silenceDescriptors(inherited: Descriptors, kept: ReadonlySet<number>): void {
  const { AF_UNIX, SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC, O_CLOEXEC } = linuxConstants();
  // The other end stays open and is never read: a closed one would be an event.
  const [dead, peer] = twoDescriptors((both) =>
    checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both), 'socketpair'),
  );
  for (const [fd, target] of listDescriptors()) {
    const isOurs = fd === dead || fd === peer || inherited.get(fd) !== target;
    if (isOurs || fd === 1 || fd === 2 || kept.has(fd) || !canBringEvents(fd, target)) continue;
    checked(duplicateOver(dead, fd, fd === 0 ? 0 : O_CLOEXEC), 'dup3');
  }
  closeSync(dead);
}

function canBringEvents(fd: number, target: string): boolean {
  return /^(?:socket|pipe|anon_inode|pidfd):/.test(target) || (fd === 0 && /^\/dev\/(?:pts|tty)/.test(target));
}

function twoDescriptors(open: (both: Uint8Array) => void): [number, number] {
  const both = new Int32Array(2);
  open(new Uint8Array(both.buffer));
  return [both[0] as number, both[1] as number];
}
