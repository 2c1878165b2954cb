import { Writable } from 'node:stream';

import { abortReason } from '@osx/errors';

import { beginDraft, discard, type Draft } from './internal/draft.ts';
import { explain } from './internal/explain.ts';
import { applyMetadata } from './internal/metadata.ts';
import { runAsync, type Protocol } from './internal/protocol.ts';
import { planDraft, publish, sealDraft, writeAll } from './internal/write-protocol.ts';
import type { WriteRequest } from './internal/write-request.ts';

type Callback = (error?: Error | null) => void;

/** What {@link createAtomicWriteStream} returns. */
export class AtomicWriteStream extends Writable {
  /** As given. */
  readonly path: string | Buffer;
  readonly #request: WriteRequest;
  #draft: Draft | undefined;
  #state: 'open' | 'committed' | 'aborted' = 'open';
  #bytesWritten = 0;
  /** The steps under way; they end before the temporary is removed. */
  #running: Promise<unknown> = Promise.resolve();
  #isFinishing = false;
  readonly #onAbort = (): void => {
    // While it finishes, the protocol itself looks at the signal, up to the commit.
    if (!this.#isFinishing) this.destroy(abortReason(this.#request.signal as AbortSignal) as Error);
  };

  /** @internal */
  constructor(request: WriteRequest, options: { encoding: BufferEncoding; highWaterMark: number }) {
    super({ defaultEncoding: options.encoding, highWaterMark: options.highWaterMark });
    this.#request = request;
    this.path = request.asked;
    request.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (request.signal?.aborted === true) this.#onAbort();
  }

  /** `committed` from the moment the content is in place; `aborted` once it never will be. */
  get state(): 'open' | 'committed' | 'aborted' {
    return this.#state;
  }

  /** Bytes in the temporary so far. */
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
}
