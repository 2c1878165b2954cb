/** A path as Node's `fs` takes it: text, bytes for names that are not UTF-8, or a `file:` URL. */
export type PathLike = string | Buffer | Uint8Array | URL;
