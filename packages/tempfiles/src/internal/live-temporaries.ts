import fs from 'node:fs';

import { isUnsupportedError } from '@osx/errors';
import { beforeDefaultEnd } from '@osx/signals';

/** Something with a name that must not outlive this process, or this Worker. */
export interface LiveTemporary {
  /** Removes it, blocking, while the process ends. */
  removeAtEnd(): void;
}

/** What ends a program by default, is sent to do so, and can be caught. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'];
/** Programs make one temporary after the other; the handlers stay for a moment. */
const LET_GO_AFTER_MS = 1000;

const live = new Set<LiveTemporary>();
/** This process by what the kernel says: a copy of it that was forked has the list too, and no right to remove. */
let owner: string | undefined;
let signals: Disposable | undefined;
let lettingGo: NodeJS.Timeout | undefined;

export function enlist(temporary: LiveTemporary): void {
  live.add(temporary);
  if (owner === undefined) {
    owner = currentProcess();
    process.on('exit', removeLiveTemporaries);
  }
  signals ??= catchSignals();
}

export function delist(temporary: LiveTemporary): void {
  if (!live.delete(temporary) || live.size > 0) return;
  lettingGo ??= setTimeout(letGo, LET_GO_AFTER_MS).unref();
}

/** Removes all that are left, blocking. What cannot be removed stays, for the sweep. */
export function removeLiveTemporaries(): void {
  if (currentProcess() !== owner) return;
  for (const temporary of live) {
    try {
      temporary.removeAtEnd();
    } catch {
      // There is nobody to tell: the process ends.
    }
  }
}

function catchSignals(): Disposable | undefined {
  if (!process.getBuiltinModule('node:worker_threads').isMainThread) return undefined;
  try {
    return beforeDefaultEnd(SIGNALS, removeLiveTemporaries);
  } catch (error) {
    if (isUnsupportedError(error)) return undefined;
    throw error;
  }
}

function letGo(): void {
  lettingGo = undefined;
  if (live.size > 0) return;
  signals?.[Symbol.dispose]();
  signals = undefined;
}

function currentProcess(): string {
  try {
    return fs.readlinkSync('/proc/self');
  } catch {
    return String(process.pid);
  }
}
