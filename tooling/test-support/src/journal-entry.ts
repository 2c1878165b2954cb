/** An entry as the journal holds it: every field with all its values, byte for byte, in the order of the export. */
export class JournalEntry {
  readonly fields: ReadonlyMap<string, readonly Buffer[]>;

  constructor(fields: ReadonlyMap<string, readonly Buffer[]>) {
    this.fields = fields;
  }

  /** The first value of a field. */
  bytes(name: string): Buffer | undefined {
    return this.fields.get(name)?.[0];
  }

  /** The first value of a field as UTF-8. */
  text(name: string): string | undefined {
    return this.bytes(name)?.toString('utf8');
  }

  /** All values of a field. */
  all(name: string): readonly Buffer[] {
    return this.fields.get(name) ?? [];
  }

  /** The fields that the sender chose: the names without a leading underscore, sorted. */
  get ownNames(): string[] {
    return [...this.fields.keys()].filter((name) => !name.startsWith('_')).toSorted();
  }
}

/**
 * Reads the Journal Export Format (https://systemd.io/JOURNAL_EXPORT_FORMATS), without loss.
 *
 * @throws Error when the bytes are not that format to the last one.
 */
export function parseJournalExport(bytes: Uint8Array): JournalEntry[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: JournalEntry[] = [];
  let fields = new Map<string, Buffer[]>();
  const finish = (): void => {
    if (fields.size > 0) entries.push(new JournalEntry(fields));
    fields = new Map();
  };
  for (let at = 0; at < data.length;) {
    const end = data.indexOf(0x0a, at);
    if (end < 0) throw new Error(`no line feed after byte ${at} of the export`);
    const line = data.subarray(at, end);
    at = end + 1;
    if (line.length === 0) {
      finish();
      continue;
    }
    const equals = line.indexOf(0x3d);
    const name = line.toString('latin1', 0, equals < 0 ? line.length : equals);
    const value = equals < 0 ? framed(data, at) : line.subarray(equals + 1);
    if (equals < 0) at += 8 + value.length + 1;
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  finish();
  return entries;
}

function framed(data: Buffer, at: number): Buffer {
  const length = Number(data.readBigUInt64LE(at));
  const end = at + 8 + length;
  if (data[end] !== 0x0a) throw new Error(`no line feed after the ${length} bytes framed at byte ${at} of the export`);
  return data.subarray(at + 8, end);
}
