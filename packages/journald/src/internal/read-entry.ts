/** The fields of an entry that {@link encodeJournalEntry} made. */
export function readEntry(entry: Buffer): [name: string, value: Buffer][] {
  const fields: [string, Buffer][] = [];
  for (let at = 0; at < entry.length;) {
    const end = entry.indexOf(0x0a, at);
    const line = entry.subarray(at, end);
    const equals = line.indexOf(0x3d);
    if (equals >= 0) {
      fields.push([line.toString('latin1', 0, equals), line.subarray(equals + 1)]);
      at = end + 1;
      continue;
    }
    const start = end + 9;
    const length = entry.readUInt32LE(end + 1) + entry.readUInt32LE(end + 5) * 2 ** 32;
    fields.push([line.toString('latin1'), entry.subarray(start, start + length)]);
    at = start + length + 1;
  }
  return fields;
}

/** What a plain log has room for. */
export interface PlainEntry {
  readonly text: string;
  /** 6 (`info`), where the entry has none. */
  readonly priority: number;
  /** 1 (`user`), where the entry has none. */
  readonly facility: number;
  readonly identifier: string | undefined;
}

const WELL_KNOWN = new Set(['PRIORITY', 'SYSLOG_FACILITY', 'SYSLOG_IDENTIFIER']);

/** The message of an entry; of one without any, all its fields. */
export function plainEntry(entry: Buffer): PlainEntry {
  const fields = readEntry(entry);
  const first = (wanted: string): string | undefined => fields.find(([name]) => name === wanted)?.[1].toString();
  const others = fields.filter(([name]) => !WELL_KNOWN.has(name)).map(([name, value]) => `${name}=${value.toString()}`);
  return {
    text: first('MESSAGE') ?? others.join(' '),
    priority: Number(first('PRIORITY') ?? 6),
    facility: Number(first('SYSLOG_FACILITY') ?? 1),
    identifier: first('SYSLOG_IDENTIFIER'),
  };
}

/** Control characters as rsyslog writes them, `#012`: nothing here ends a line or steers a terminal. */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\0-\x08\x0a-\x1f\x7f-\x9f]/g, (character) => {
    return `#${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
}
