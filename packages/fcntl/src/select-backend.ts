import { createRequire } from 'node:module';

import { hasCode } from '@osx/errors';

/** As much of `@osx/linux/inotify` as waiting for a lock needs. */
export interface CloseEvents {
  readonly Inotify: {
    open(options: { onEvent(event: CloseEvent): void; onError(error: Error): void }): CloseEventSource;
  };
  readonly IN_CLOSE: number;
  readonly IN_ATTRIB: number;
  readonly IN_DELETE_SELF: number;
  readonly IN_MOVE_SELF: number;
}

export interface CloseEventSource {
  readonly isClosed: boolean;
  addWatch(path: string, mask: number): CloseEventWatch;
  unref(): unknown;
  close(): void;
}

export interface CloseEventWatch {
  remove(): boolean;
}

export interface CloseEvent {
  readonly watch: CloseEventWatch | undefined;
  readonly mask: number;
}

const LINUX_BACKEND = '@osx/linux/inotify';

/**
 * What tells that somebody closed a file: on Linux inotify; elsewhere, and where the optional package was not installed,
 * nothing, and waiting goes by a timer alone.
 */
export function selectBackend(): CloseEvents | null {
  if (process.platform !== 'linux') return null;
  try {
    return createRequire(import.meta.url)(LINUX_BACKEND) as CloseEvents;
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND') && error.message.includes(`'${LINUX_BACKEND}'`)) return null;
    throw error;
  }
}
