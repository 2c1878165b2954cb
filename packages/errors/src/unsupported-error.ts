import { SystemError } from './system-error.ts';

/** What an {@link UnsupportedError} is made of. */
export interface UnsupportedErrorOptions {
  /** What was asked for, such as `open file description locks`. */
  readonly feature: string;
  /** What would be needed, such as `Linux 3.15 or macOS 15`. */
  readonly requires: string;
  /** Where it is missing; default: this platform and architecture. */
  readonly platform?: string | undefined;
  /** The C name of the call that refused; default: the feature. */
  readonly syscall?: string | undefined;
  /** Default: `ENOTSUP`. */
  readonly code?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Something this system cannot do at all, with what it would take.
 *
 * It is a {@link SystemError} with code `ENOTSUP` unless said otherwise.
 *
 * **Gotchas**: recognise it by {@link isUnsupportedError}, not by `instanceof`.
 *
 * @example
 * ```ts
 * import { UnsupportedError } from '@osx/errors';
 *
 * const error = new UnsupportedError({ feature: 'pidfd', requires: 'Linux 5.3', platform: 'darwin arm64' });
 * console.log(error.message);
 * // ENOTSUP: not supported on darwin arm64 (requires Linux 5.3), pidfd
 * ```
 */
export class UnsupportedError extends SystemError {
  declare readonly feature: string;
  declare readonly platform: string;
  declare readonly requires: string;

  constructor(options: UnsupportedErrorOptions) {
    const { feature, requires, syscall, code = 'ENOTSUP', cause } = options;
    const platform = options.platform ?? `${process.platform} ${process.arch}`;
    const message = `${syscall === undefined ? '' : `${feature} is `}not supported on ${platform} (requires ${requires})`;
    super({ code, syscall: syscall ?? feature, message, cause });
    this.feature = feature;
    this.platform = platform;
    this.requires = requires;
  }

  override get name(): string {
    return 'UnsupportedError';
  }

  override set name(name: string) {
    super.name = name;
  }
}
