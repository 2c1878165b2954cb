import { invalidArgType, invalidArgValue } from '@osx/errors';

/** The names of syslog(3), the most urgent first: `PRIORITIES.indexOf('err')` is 3. */
export const PRIORITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

/** The names of syslog(3) by their numbers; 12 to 15 have none that is common. */
const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp     local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );

const ALIASES: Readonly<Record<string, string>> = { panic: 'emerg', error: 'err', warn: 'warning', security: 'auth' };

/** How urgent an entry is: a name of syslog(3), the aliases `panic`, `error` and `warn`, or the number. */
export type Priority =
  | (typeof PRIORITIES)[number]
  | 'panic'
  | 'error'
  | 'warn'
  | (0 | 1 | 2 | 3 | 4 | 5 | 6 | 7)
  | (number & {})
  | (string & {});

/** What part of the system speaks: a name of syslog(3) such as `daemon` or `local0`, or 0 to 23. */
export type Facility = string | number;

/**
 * The number of a priority, 0 (`emerg`) to 7 (`debug`).
 *
 * @param value A name of syslog(3) in any case, an alias, or the number, also as text.
 * @throws {TypeError} for what is none of these.
 * @example
 * ```ts
 * import { parsePriority } from '@osx/journald';
 *
 * console.log(parsePriority('warning'), parsePriority('error'), parsePriority(7)); // 4 3 7
 * ```
 */
export function parsePriority(value: Priority): number {
  return numberOf('PRIORITY', value, PRIORITIES);
}

/**
 * The number of a facility, 0 (`kern`) to 23 (`local7`).
 *
 * @param value A name of syslog(3) in any case, or the number, also as text.
 * @throws {TypeError} for what is none of these.
 */
export function parseFacility(value: Facility): number {
  return numberOf('SYSLOG_FACILITY', value, FACILITIES);
}

function numberOf(field: string, value: unknown, names: readonly string[]): number {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw invalidArgType(`fields.${field}`, 'a name of syslog(3) or its number', value);
  }
  const number = typeof value === 'number' ? value : numberOfText(value, names);
  if (!Number.isInteger(number) || number < 0 || number >= names.length) {
    const known = names.filter(Boolean).join(', ');
    throw invalidArgValue(`fields.${field}`, `0 to ${names.length - 1} or one of ${known}`, value);
  }
  return number;
}

function numberOfText(text: string, names: readonly string[]): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const name = text.toLowerCase();
  return name === '' ? -1 : names.indexOf(Object.hasOwn(ALIASES, name) ? (ALIASES[name] as string) : name);
}
