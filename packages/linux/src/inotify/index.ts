/**
 * inotify(7) in Node's event loop: every event with its watch, its cookie and the exact bytes of its name; an overflow
 * is an event, never silence.
 *
 * @module
 */
export {
  IN_ACCESS,
  IN_ALL_EVENTS,
  IN_ATTRIB,
  IN_CLOSE,
  IN_CLOSE_NOWRITE,
  IN_CLOSE_WRITE,
  IN_CREATE,
  IN_DELETE,
  IN_DELETE_SELF,
  IN_DONT_FOLLOW,
  IN_EXCL_UNLINK,
  IN_IGNORED,
  IN_ISDIR,
  IN_MASK_ADD,
  IN_MASK_CREATE,
  IN_MODIFY,
  IN_MOVE,
  IN_MOVE_SELF,
  IN_MOVED_FROM,
  IN_MOVED_TO,
  IN_ONESHOT,
  IN_ONLYDIR,
  IN_OPEN,
  IN_Q_OVERFLOW,
  IN_UNMOUNT,
} from './constants.ts';
export { Inotify } from './inotify.ts';
export type { InotifyEvent } from './inotify-event.ts';
export type { AddWatchOptions, InotifyAddMode, InotifyEventsOptions, InotifyOptions } from './inotify-options.ts';
export type { InotifyWatch } from './inotify-watch.ts';
export { inotifyMaskNames } from './mask-names.ts';
export type { InotifyMaskName } from './mask-names.ts';
export { TreeEvent } from './tree-event.ts';
export type { TreeEndReason, TreeEventType } from './tree-event.ts';
export type { TreeEventsOptions, TreeIgnore, WatchTreeOptions } from './tree-options.ts';
export { TreeWatcher } from './tree-watcher.ts';
export { watchTree } from './watch-tree.ts';
