/** Names are few and come again with every entry. */
const known = new Map<string, string>();
const MOST_KNOWN = 4_096;

/** Fields that mean something to journald, systemd or those who read; and what the loggers set themselves. */
const RESERVED =
  /^(?:MESSAGE|PRIORITY|LEVEL|MESSAGE_ID|ERRNO|DOCUMENTATION|TID|UNIT|USER_UNIT|INVOCATION_ID|USER_INVOCATION_ID|MORE_FIELDS|DROPPED_ENTRIES|(?:SYSLOG|CODE|OBJECT|COREDUMP)_.*)$/;

const LONGEST_NAME = 64;

/**
 * The field for a key of a log object: upper case, `_` for what a name cannot have, `X_` before one that begins otherwise
 * than with a letter or is taken, cut to 64.
 */
export function fieldNameOf(key: string): string {
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const name = nameOf(key);
  if (known.size < MOST_KNOWN && key.length <= LONGEST_NAME) known.set(key, name);
  return name;
}

function nameOf(key: string): string {
  // Not toUpperCase() first: it makes letters of ASCII from others, and two of one.
  const name = key
    .slice(0, 2 * LONGEST_NAME)
    .replaceAll(/[^\w]/gu, '_')
    .toUpperCase();
  const isFree = /^[A-Z]/.test(name) && !RESERVED.test(name);
  return (isFree ? name : `X_${name.replace(/^_+/, '')}`).slice(0, LONGEST_NAME);
}
