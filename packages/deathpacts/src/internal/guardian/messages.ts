/** A child that the guardian is to watch. Lines of JSON go both ways. */
export interface Ward {
  readonly pid: number;
  readonly signal: number;
  /** undefined: nothing comes after the signal. */
  readonly graceMs: number | undefined;
  /** The mark of its tree; undefined when only the child itself is meant. */
  readonly mark: string | undefined;
  /** The cgroup of its tree, if it has one. */
  readonly cgroup: string | undefined;
}

/** What this process asks of the guardian. */
export interface WatchRequest {
  readonly watch: number;
  readonly ward: Ward;
}

/** What the guardian says: it has the ward in view; it cannot; the ward is gone, with its tree. */
export type GuardianReport =
  | { readonly watching: number }
  | { readonly failed: number; readonly code: string }
  | { readonly gone: number };

/** The lines of a stream of bytes. */
export class Lines {
  #rest = '';

  /** The messages that are complete now. */
  take<Message>(chunk: Buffer | string): Message[] {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = lines.pop() as string;
    return lines.map((line) => JSON.parse(line) as Message);
  }
}
