import { isSystemError } from '@osx/errors';

import { selectBackend } from '../select-backend.ts';
import type { CloseEvent, CloseEvents, CloseEventSource, CloseEventWatch } from '../select-backend.ts';

/** `closed`: somebody closed the file. `moved`: its name may lead elsewhere now, or events were lost. */
export type FileChange = 'closed' | 'moved';

/**
 * Closing an inotify instance within some 20 ms of removing a watch makes the kernel wait as long; and the next waiter
 * may come at once. So the instance stays for a while.
 */
const IDLE_MS = 1_000;

let backend: CloseEvents | null | undefined;
let source: CloseEventSource | undefined;
let idleTimer: NodeJS.Timeout | undefined;
const listeners = new Map<CloseEventWatch, (change: FileChange) => void>();

/**
 * Calls back whenever someone closes the open file `fd`, in this process or another, by choice or by dying, and when it
 * is renamed or unlinked. One inotify instance serves the thread; it does not keep the process alive.
 *
 * @returns A function that ends it, or undefined where nothing can tell.
 */
export function watchCloses(fd: number, listener: (change: FileChange) => void): (() => void) | undefined {
  backend ??= selectBackend();
  if (backend === null) return undefined;
  const watch = addWatch(backend, fd);
  if (watch === undefined) return undefined;
  listeners.set(watch, listener);
  return () => {
    listeners.delete(watch);
    // Whoever has the lock now goes first; and the next waiter for the file gets this same watch.
    setImmediate(() => {
      if (!listeners.has(watch)) watch.remove();
      if (listeners.size === 0) closeWhenIdle();
    });
  };
}

/** undefined where the kernel refuses: no instance or watch left (EMFILE, ENOSPC), no procfs, no right to read. */
function addWatch(events: CloseEvents, fd: number): CloseEventWatch | undefined {
  const { IN_CLOSE, IN_ATTRIB, IN_DELETE_SELF, IN_MOVE_SELF } = events;
  try {
    if (source === undefined || source.isClosed) source = openSource(events);
    clearTimeout(idleTimer);
    return source.addWatch(`/proc/self/fd/${fd}`, IN_CLOSE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF);
  } catch (error) {
    if (listeners.size === 0) closeWhenIdle();
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function openSource({ Inotify, IN_CLOSE }: CloseEvents): CloseEventSource {
  const opened = Inotify.open({
    onEvent: ({ watch, mask }: CloseEvent) => {
      if (watch === undefined) for (const listener of listeners.values()) listener('moved');
      else listeners.get(watch)?.((mask & IN_CLOSE) !== 0 ? 'closed' : 'moved');
    },
    // The waiters' timers go on without it.
    onError: () => {},
  });
  opened.unref();
  return opened;
}

function closeWhenIdle(): void {
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => {
    source?.close();
    source = undefined;
  }, IDLE_MS).unref();
}
