import { byteStringToText } from '../internal/byte-name.ts';

/** What a {@link TreeEvent} reports. */
export type TreeEventType =
  | 'create'
  | 'change'
  | 'modify'
  | 'attributes'
  | 'delete'
  | 'move'
  | 'unwatched'
  | 'overflow'
  | 'rescan'
  | 'end';

/** Why a watcher ended by itself: what became of its root. */
export type TreeEndReason = 'deleted' | 'moved' | 'unmounted' | 'replaced';

/** @internal */
export interface TreeEventFields {
  readonly type: TreeEventType;
  /** Byte strings, absolute. */
  readonly path: string;
  readonly fromPath?: string | undefined;
  readonly isDirectory: boolean;
  readonly isRescan: boolean;
  readonly error?: Error | undefined;
  readonly reason?: TreeEndReason | undefined;
}

/**
 * One event of a tree watcher.
 *
 * - `create`: the path is there now. A file's content may still be on its way: `change` follows when it is closed.
 * - `change`: a file that was open for writing was closed, or another file took its place.
 * - `modify`: a file was written to or truncated (option `modify`).
 * - `attributes`: mode, owner, times, extended attributes (option `attributes`).
 * - `delete`: the path is gone. What a directory held is reported before it.
 * - `move`: `fromPath` is now `path`, with all below it; whatever `path` was before is replaced.
 * - `unwatched`: a directory that cannot be watched; `error` says why. It is tried again when its mode or owner changes.
 * - `overflow`: the kernel dropped events. What follows with `isRescan`, up to `rescan`, is the difference.
 * - `end`: the root is gone (`reason`); the last event.
 *
 * **Gotchas** `path` is text: bytes that are not UTF-8 are U+FFFD in it, and only `pathBytes` names the file then.
 *
 * @see https://man7.org/linux/man-pages/man7/inotify.7.html
 */
export class TreeEvent {
  readonly type: TreeEventType;
  /** Absolute: the root as it was given, and the names below it. */
  readonly path: string;
  /** Where a `move` came from; else undefined. */
  readonly fromPath: string | undefined;
  readonly isDirectory: boolean;
  /** Found by the comparison after an overflow, not told by the kernel. */
  readonly isRescan: boolean;
  /** Why a directory is `unwatched`; else undefined. */
  readonly error: Error | undefined;
  /** What became of the root, at the `end`; else undefined. */
  readonly reason: TreeEndReason | undefined;
  readonly #bytes: string;
  readonly #fromBytes: string | undefined;

  /** @internal */
  constructor(fields: TreeEventFields) {
    this.type = fields.type;
    this.path = byteStringToText(fields.path);
    this.fromPath = fields.fromPath === undefined ? undefined : byteStringToText(fields.fromPath);
    this.isDirectory = fields.isDirectory;
    this.isRescan = fields.isRescan;
    this.error = fields.error;
    this.reason = fields.reason;
    this.#bytes = fields.path;
    this.#fromBytes = fields.fromPath;
  }

  /** Exact bytes of `path`. */
  get pathBytes(): Buffer {
    return Buffer.from(this.#bytes, 'latin1');
  }

  /** Exact bytes of `fromPath`. */
  get fromPathBytes(): Buffer | undefined {
    return this.#fromBytes === undefined ? undefined : Buffer.from(this.#fromBytes, 'latin1');
  }
}
