import { invalidArgValue } from '@osx/errors';

const NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/** Names are few and come again with every entry. */
const known = new Set<string>();
const MOST_KNOWN = 4_096;

/** Refuses what journald would drop in silence, and what could be read as more than a name. */
export function checkFieldName(name: string, value: unknown): void {
  if (known.has(name)) return;
  if (!NAME.test(name)) {
    throw invalidArgValue(
      `fields.${shown(name)}`,
      'named by A to Z, 0 to 9 and _, at most 64, the first a letter',
      value,
    );
  }
  if (known.size < MOST_KNOWN) known.add(name);
}

function shown(name: string): string {
  const text = JSON.stringify(name).slice(1, -1);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
