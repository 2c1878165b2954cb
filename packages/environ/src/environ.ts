/** An environment to read: `process.env`, or any object of strings. A name that is `undefined` is not set. */
export type Environ = Readonly<Record<string, string | undefined>>;

/** An environment that may be changed, such as `process.env`. */
export type MutableEnviron = Record<string, string | undefined>;

/** Where to read. */
export interface EnvironOptions {
  /** Default: `process.env`, looked up at the call. */
  readonly environ?: Environ | undefined;
}

/** Where to read and write. */
export interface MutableEnvironOptions {
  /** Default: `process.env`, looked up at the call. */
  readonly environ?: MutableEnviron | undefined;
}
