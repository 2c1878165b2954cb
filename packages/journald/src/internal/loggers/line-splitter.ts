const LINE_FEED = 0x0a;

/** Lines out of chunks of text or bytes, wherever these were cut. Bytes stay bytes. */
export class LineSplitter {
  #pending: (string | Buffer)[] = [];

  /** The lines that end in this chunk, without the empty ones. */
  push(chunk: string | Buffer): (string | Buffer)[] {
    const lines: (string | Buffer)[] = [];
    let from = 0;
    for (let end = indexOfEnd(chunk, from); end !== -1; end = indexOfEnd(chunk, from)) {
      this.#pending.push(part(chunk, from, end));
      lines.push(...this.end());
      from = end + 1;
    }
    if (from < chunk.length) this.#pending.push(copied(part(chunk, from, chunk.length)));
    return lines;
  }

  /** The line that nothing ended. */
  end(): (string | Buffer)[] {
    const line = joined(this.#pending);
    this.#pending = [];
    return line.length === 0 ? [] : [line];
  }
}

function indexOfEnd(chunk: string | Buffer, from: number): number {
  return typeof chunk === 'string' ? chunk.indexOf('\n', from) : chunk.indexOf(LINE_FEED, from);
}

function part(chunk: string | Buffer, from: number, to: number): string | Buffer {
  return typeof chunk === 'string' ? chunk.slice(from, to) : chunk.subarray(from, to);
}

/** Whoever wrote bytes may use the memory again. */
function copied(rest: string | Buffer): string | Buffer {
  return typeof rest === 'string' ? rest : Buffer.from(rest);
}

function joined(parts: readonly (string | Buffer)[]): string | Buffer {
  if (parts.length === 1) return parts[0] as string | Buffer;
  if (parts.every((one) => typeof one === 'string')) return parts.join('');
  return Buffer.concat(parts.map((one) => (typeof one === 'string' ? Buffer.from(one) : one)));
}
