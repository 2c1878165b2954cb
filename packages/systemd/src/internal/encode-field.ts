import { checkInteger, checkInteger64, checkOneOf, checkString, invalidArgType, invalidArgValue } from '@osx/errors';

/** The value as text, or undefined to leave the field out. */
type Encoder = (name: string, value: unknown) => string | undefined;

const MOST_USEC = 2n ** 64n - 2n;
const MOST_PID = 2 ** 31 - 1;

const flag: Encoder = (name, value) => (checkOneOf(name, value as boolean | 1, [true, 1, false]) ? '1' : undefined);
const line: Encoder = (name, value) => checkLine(name, checkString(name, value));
const usec: Encoder = (name, value) => `${checkInteger64(name, value, { min: 0, max: MOST_USEC })}`;
const errorName: Encoder = (name, value) => {
  const text = checkString(name, value);
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(text))
    throw invalidArgValue(name, 'an error name such as org.example.Failed', value);
  return text;
};

const encoders: Record<string, Encoder> = {
  READY: flag,
  RELOADING: flag,
  STOPPING: flag,
  MONOTONIC_USEC: usec,
  STATUS: line,
  ERRNO: (name, value) => `${Math.abs(checkInteger(name, value, { min: -4095, max: 4095 }))}`,
  BUSERROR: errorName,
  VARLINKERROR: errorName,
  EXIT_STATUS: (name, value) => `${checkInteger(name, value, { min: 0, max: 255 })}`,
  MAINPID: (name, value) => `${checkInteger(name, value, { min: 1, max: MOST_PID })}`,
  MAINPIDFDID: (name, value) => `${checkInteger64(name, value, { min: 1, max: 2n ** 64n - 1n })}`,
  MAINPIDFD: flag,
  WATCHDOG: (name, value) => (value === 'trigger' ? value : flag(name, value)),
  WATCHDOG_USEC: usec,
  EXTEND_TIMEOUT_USEC: usec,
  FDSTORE: flag,
  FDNAME(name, value) {
    const text = checkString(name, value);
    if (/^[\x20-\x39\x3b-\x7e]{0,255}$/.test(text)) return text;
    throw invalidArgValue(name, 'at most 255 characters of printable ASCII without ":"', value);
  },
  FDSTOREREMOVE: flag,
  FDPOLL: (name, value) => `${Number(checkOneOf(name, value as boolean | 0 | 1, [true, false, 0, 1]))}`,
  NOTIFYACCESS: (name, value) => checkOneOf(name, value as string, ['none', 'main', 'exec', 'all']),
  RESTART_RESET: flag,
};

export function encodeField(field: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const encoder = Object.hasOwn(encoders, field) ? encoders[field] : isCustom(field) ? custom : undefined;
  if (encoder === undefined) {
    const hint = field === 'BARRIER' ? ', and not BARRIER, which is notifyBarrier()' : '';
    throw invalidArgValue('state', `an object of fields of sd_notify(3) or X_NAME${hint}`, field);
  }
  return encoder(`state.${field}`, value);
}

function isCustom(field: string): boolean {
  return /^X_[A-Z0-9_]+$/.test(field);
}

function custom(name: string, value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return `${value}`;
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string, number or bigint', value);
  return checkLine(name, value);
}

/** Managers end a line at \r as well. */
function checkLine(name: string, text: string): string {
  if (/[\n\r\0]/.test(text)) throw invalidArgValue(name, 'one line: without \\n, \\r and null bytes', text);
  return text;
}
