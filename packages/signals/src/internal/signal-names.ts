import { invalidArgType, outOfRange } from '@osx/errors';

import { largestSignal, signalTable, type SignalTable } from './signal-table.ts';

/** The canonical name of a number. */
export function nameOf(number: number, table: SignalTable = signalTable()): string {
  if (typeof number !== 'number') throw invalidArgType('number', 'of type number', number);
  const named = Object.entries(table.names).find(([, known]) => known === number);
  const name = named?.[0] ?? realtimeName(table, number);
  if (name === undefined) throw outOfRange('number', `the number of a signal, 1 to ${largestSignal(table)}`, number);
  return name;
}

function realtimeName({ realtime: [min, max] = [0, -1] }: SignalTable, number: number): string | undefined {
  if (!Number.isInteger(number) || number < min || number > max) return undefined;
  if (number === max) return 'SIGRTMAX';
  return number === min ? 'SIGRTMIN' : `SIGRTMIN+${number - min}`;
}

/** Every canonical name with its number, in order of numbers. */
export function namesIn(table: SignalTable): Map<string, number> {
  const all = new Map(Object.entries(table.names));
  const [min, max] = table.realtime ?? [0, -1];
  for (let number = min; number <= max; number += 1) all.set(nameOf(number, table), number);
  return all;
}
