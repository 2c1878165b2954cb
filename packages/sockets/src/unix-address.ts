import type { PathLike } from '@osx/errors';

/** A name outside the file system, by its exact bytes: it ends with its last descriptor, and no permission guards it. */
export interface AbstractAddress {
  /** Up to 107 bytes; text becomes UTF-8. NUL bytes are part of the name like any other, also at the end. */
  readonly abstract: string | Uint8Array;
}

/**
 * What a Unix socket is bound or connected to: a path of at most 107 bytes, or an abstract name (Linux).
 *
 * **Gotchas**: a longer path is refused, never cut. A path that begins with `@` is a path; the `@` of systemd's settings
 * and of `ss` stands for an abstract name.
 */
export type UnixAddress = PathLike | AbstractAddress;
