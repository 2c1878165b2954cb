import { join } from 'node:path';

/** What a watcher told: a path that was not there, or the loss of events. */
export interface TreeListener {
  readonly found: (path: string) => void;
  readonly overflowed: () => void;
}

/** Watches a tree; resolved when, by its own word, everything is watched. */
export type WatchTree = (root: string, listener: TreeListener) => Promise<unknown>;

/** Each loads its own package only. What is done besides telling is what a user would do. */
export const treeWatchers: Readonly<Record<string, () => Promise<WatchTree>>> = {
  async watchTree() {
    const { watchTree } = await import('@osx/linux/inotify');
    return async (root, listener) => {
      const watcher = watchTree(root);
      const follow = async (): Promise<void> => {
        for await (const { type, path } of watcher) {
          if (type === 'create' || type === 'move') listener.found(path);
          else if (type === 'overflow') listener.overflowed();
        }
      };
      void follow();
      await watcher.ready;
      return watcher;
    };
  },

  async 'watchTree, onEvent'() {
    const { watchTree } = await import('@osx/linux/inotify');
    return async (root, listener) => {
      const watcher = watchTree(root, {
        onEvent({ type, path }) {
          if (type === 'create' || type === 'move') listener.found(path);
          else if (type === 'overflow') listener.overflowed();
        },
      });
      await watcher.ready;
      return watcher;
    };
  },

  async chokidar() {
    const { watch } = await import('chokidar');
    return async (root, listener) => {
      const watcher = watch(root, { ignoreInitial: true });
      watcher.on('add', listener.found).on('addDir', listener.found);
      await new Promise<void>((resolve, reject) => void watcher.once('ready', resolve).once('error', reject));
      return watcher;
    };
  },

  async '@parcel/watcher'() {
    const { subscribe } = await import('@parcel/watcher');
    return async (root, listener) =>
      await subscribe(root, (error, events) => {
        if (error !== null) listener.overflowed();
        for (const { type, path } of events ?? []) if (type === 'create') listener.found(path);
      });
  },

  async 'fs.watch, recursive'() {
    const { watch } = await import('node:fs');
    return (root, listener) =>
      Promise.resolve(
        watch(root, { recursive: true }, (type, name) => {
          if (type === 'rename' && name !== null) listener.found(join(root, name));
        }),
      );
  },
};
