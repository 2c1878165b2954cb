import type { Writable } from 'node:stream';

import { abortReason } from '@osx/errors';

import { beginDraft, discard, type Draft } from './internal/draft.ts';
import { explain } from './internal/explain.ts';
import { applyMetadata } from './internal/metadata.ts';
import { runAsync, type Protocol } from './internal/protocol.ts';
import { planDraft, publish, sealDraft, writeAll } from './internal/write-protocol.ts';
import type { WriteRequest } from './internal/write-request.ts';

/** What {@link createAtomicWriteStream} returns. */
export interface AtomicWriteStream extends Writable {
  /** As given. */
  readonly path: string | Buffer;
  /** `committed` from the moment the content is in place; `aborted` once it never will be. */
  readonly state: 'open' | 'committed' | 'aborted';
  /** Bytes in the temporary so far. */
  readonly bytesWritten: number;
}

type Callback = (error?: Error | null) => void;
type StreamClass = new (
  request: WriteRequest,
  options: { encoding: BufferEncoding; highWaterMark: number },
) => AtomicWriteStream;

let known: StreamClass | undefined;

/** The class, made at first use: `node:stream` costs a millisecond of a program's start. */
export function atomicWriteStreamClass(): StreamClass {
  known ??= defineClass(process.getBuiltinModule('node:stream').Writable);
  return known;
}

function defineClass(Base: typeof Writable): StreamClass {
  return class AtomicWriteStreamImplementation extends Base implements AtomicWriteStream {
    readonly path: string | Buffer;
    readonly #request: WriteRequest;
    #draft: Draft | undefined;
    #state: AtomicWriteStream['state'] = 'open';
    #bytesWritten = 0;
    /** The steps under way; they end before the temporary is removed. */
    #running: Promise<unknown> = Promise.resolve();
    #isFinishing = false;
    readonly #onAbort = (): void => {
      // While it finishes, the protocol itself looks at the signal, up to the commit.
      if (!this.#isFinishing) this.destroy(abortReason(this.#request.signal as AbortSignal) as Error);
    };

    constructor(request: WriteRequest, options: { encoding: BufferEncoding; highWaterMark: number }) {
      super({ defaultEncoding: options.encoding, highWaterMark: options.highWaterMark });
      this.#request = request;
      this.path = request.asked;
      request.signal?.addEventListener('abort', this.#onAbort, { once: true });
      if (request.signal?.aborted === true) this.#onAbort();
    }

    get state(): AtomicWriteStream['state'] {
      return this.#state;
    }

    get bytesWritten(): number {
      return this.#bytesWritten;
    }

    override _construct(callback: Callback): void {
      this.#run(this.#begin(), callback);
    }

    override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
      this.#run(this.#append([chunk]), callback);
    }

    override _writev(chunks: { chunk: Buffer }[], callback: Callback): void {
      this.#run(this.#append(chunks.map(({ chunk }) => chunk)), callback);
    }

    override _final(callback: Callback): void {
      this.#isFinishing = true;
      this.#run(this.#commit(), callback);
    }

    override _destroy(error: Error | null, callback: Callback): void {
      this.#request.signal?.removeEventListener('abort', this.#onAbort);
      void this.#running.then(() => this.#end()).then(() => callback(error));
    }

    *#begin(): Protocol<void> {
      this.#draft = yield* beginDraft(this.#request);
    }

    *#append(chunks: readonly Buffer[]): Protocol<void> {
      const draft = this.#draft as Draft;
      for (const chunk of chunks) {
        yield* writeAll(draft, chunk);
        this.#bytesWritten += chunk.length;
      }
    }

    *#commit(): Protocol<void> {
      const draft = this.#draft as Draft;
      yield* applyMetadata(draft.fd, planDraft(draft));
      yield* sealDraft(draft);
      try {
        yield* publish(draft);
      } finally {
        if (draft.temporary === undefined) this.#state = 'committed';
      }
    }

    async #end(): Promise<void> {
      if (this.#state === 'open') this.#state = 'aborted';
      if (this.#draft !== undefined) await runAsync(discard(this.#draft));
    }

    #run(steps: Protocol<void>, callback: Callback): void {
      this.#running = runAsync(steps).then(
        () => callback(),
        (error: unknown) => callback(explain(error, this.#request.asked) as Error),
      );
    }
  };
}
