import { invalidArgType, invalidArgValue, outOfRange } from '@osx/errors';

import { largestSignal, signalTable, type SignalTable } from './signal-table.ts';

const EXPECTED = 'the name or number of a signal, such as SIGTERM, TERM, SIGRTMIN+3 or 15';
const NUMBER = /^(?:0|[1-9][0-9]{0,9})$/;
const NAME = /^(?:SIG)?([A-Z][A-Z0-9]*)$/i;
const REALTIME = /^(?:SIG)?(?:(RTMIN)(?:\+(0|[1-9][0-9]{0,9}))?|(RTMAX)(?:-(0|[1-9][0-9]{0,9}))?)$/i;

/** The number of a signal that an argument names, 0 included. */
export function signalNumber(argument: string, value: unknown, table: SignalTable = signalTable()): number {
  if (typeof value === 'number') return checkNumber(argument, value, value, table);
  if (typeof value !== 'string') throw invalidArgType(argument, 'a signal number or name', value);
  if (NUMBER.test(value)) return checkNumber(argument, Number(value), value, table);
  return realtimeNumber(argument, value, table) ?? namedNumber(argument, value, table);
}

function checkNumber(argument: string, number: number, value: unknown, table: SignalTable): number {
  if (!isSignalNumber(number, table) && number !== 0) {
    throw outOfRange(argument, `the number of a signal, 1 to ${largestSignal(table)}${reserved(number, table)}`, value);
  }
  return number + 0;
}

/** Whether this is the number of a signal that programs may use. */
function isSignalNumber(number: number, { names, realtime }: SignalTable): boolean {
  if (realtime !== undefined && number >= realtime[0] && number <= realtime[1]) return Number.isInteger(number);
  return Object.values(names).includes(number);
}

function reserved(number: number, { names, realtime }: SignalTable): string {
  const last = Math.max(...Object.values(names));
  return realtime !== undefined && number > last && number < realtime[0]
    ? `; ${number} belongs to the threads of the C library`
    : '';
}

function realtimeNumber(argument: string, value: string, { realtime }: SignalTable): number | undefined {
  const match = REALTIME.exec(value);
  if (match === null || realtime === undefined) return undefined;
  const [min, max] = realtime;
  const number = match[1] === undefined ? max - Number(match[4] ?? 0) : min + Number(match[2] ?? 0);
  if (number < min || number > max) {
    throw outOfRange(argument, `SIGRTMIN to SIGRTMIN+${max - min}, which is SIGRTMAX`, value);
  }
  return number;
}

function namedNumber(argument: string, value: string, { names, aliases }: SignalTable): number {
  const name = `SIG${NAME.exec(value)?.[1]?.toUpperCase()}`;
  for (const known of [names, aliases]) if (Object.hasOwn(known, name)) return known[name] as number;
  throw invalidArgValue(argument, EXPECTED, value);
}
