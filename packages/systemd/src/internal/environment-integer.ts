import { invalidEnvironment } from './invalid-environment.ts';

/** A decimal number in an environment variable; undefined when that is not set. */
export function environmentInteger(name: string, bounds: { min: bigint; max: bigint }): bigint | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
  if (value >= bounds.min && value <= bounds.max) return value;
  throw invalidEnvironment(name, `a decimal number from ${bounds.min} to ${bounds.max}`);
}

const MOST_PID = 2n ** 31n - 1n;

/** Whether the variable, if it is set, names this process. */
export function namesThisProcess(name: string): boolean {
  const pid = environmentInteger(name, { min: 1n, max: MOST_PID });
  return pid === undefined || pid === BigInt(process.pid);
}
