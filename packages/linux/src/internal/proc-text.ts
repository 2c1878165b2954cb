/** Text whose characters are bytes (latin1), as UTF-8. */
export function utf8(bytes: string): string {
  // oxlint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Undoes `\ooo`, as the kernel writes blanks, newlines and backslashes of names (seq_escape). */
export function unescapeOctal(bytes: string): string {
  return bytes.replaceAll(/\\([0-3][0-7]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** `name: value` lines in order; a name that comes again keeps its first value's place and takes the last value. */
export function parseColonLines(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon !== -1) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return fields;
}

/** The NUL-terminated strings of a command line or an environment; what follows the last NUL is one too. */
export function splitAtNul(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const nul = bytes.indexOf(0, start);
    const end = nul === -1 ? bytes.length : nul;
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return parts;
}

/** `12 kB` in bytes, `12` as it is; undefined for anything else. */
export function parseAmount(text: string | undefined): number | undefined {
  const [, digits, unit] = /^(\d+)(?: (kB|KB))?$/.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (unit === undefined ? 1 : 1024);
}

/** The kernel's own dev_t (MKDEV), as fdinfo prints it. */
export function kernelDevice(hex: string): { major: number; minor: number } {
  const device = Number.parseInt(hex, 16);
  return { major: Math.floor(device / 2 ** 20), minor: device % 2 ** 20 };
}
