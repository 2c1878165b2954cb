import { checkSignal } from './check-signal.ts';

/** The numbers of one signal or of a list of them, each once, in the order given. */
export function checkSignals(argument: string, value: unknown): number[] {
  if (!Array.isArray(value)) return [checkSignal(argument, value)];
  return [...new Set(Array.from(value, (signal, index) => checkSignal(`${argument}[${index}]`, signal)))];
}
