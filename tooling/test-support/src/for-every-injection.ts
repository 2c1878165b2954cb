import type { FixtureFile } from './internal/fixture-command.ts';
import { straceInject } from './strace-inject.ts';
import type { StraceOptions, StraceResult } from './strace-inject.ts';

/** Runs the program of one round; strace is attached when it is ready, and it works once it reads the line `go`. */
export type Inject = (file: FixtureFile, args?: readonly string[], options?: StraceOptions) => Promise<StraceResult>;

/** What happened with the fault at the k-th call. */
export interface InjectionRound<T> {
  readonly k: number;
  readonly injected: boolean;
  readonly result: StraceResult;
  readonly value: T;
}

/**
 * Lets a system call fail at its k-th use, for k = 1, 2, 3 ... until nothing is left to fail: the last round ran whole.
 *
 * Platform: Linux, `needs('strace')`.
 *
 * @param fault One system call and what happens to it, without `when=`: `fsync:error=EIO`, `rename:signal=KILL`.
 * @param round Sets up a fresh directory, calls `inject` once, and checks what is there; its errors name fault and k.
 * @returns The rounds, the last one with `injected: false`.
 * @throws Error when the very first round injected nothing: the program does not make that call.
 */
export async function forEveryInjection<T>(
  fault: string,
  round: (inject: Inject, k: number) => Promise<T> | T,
  options: { maxRounds?: number } = {},
): Promise<InjectionRound<T>[]> {
  const { maxRounds = 500 } = options;
  if (/^[^:]*,|:when=/.test(fault)) throw new TypeError(`one system call and no when= in ${JSON.stringify(fault)}`);
  const rounds: InjectionRound<T>[] = [];
  for (let k = 1; k <= maxRounds; k += 1) {
    const done = await runRound(`${fault}:when=${k}`, k, round);
    rounds.push(done);
    if (!done.injected && k === 1) throw new Error(`${fault}: the program makes no such call`);
    if (!done.injected) return rounds;
  }
  throw new Error(`${fault}: still injected after ${maxRounds} rounds`);
}

async function runRound<T>(
  expression: string,
  k: number,
  round: (inject: Inject, k: number) => Promise<T> | T,
): Promise<InjectionRound<T>> {
  let result: StraceResult | undefined;
  const inject: Inject = async (file, args = [], options = {}) => {
    if (result !== undefined) throw new Error('a round runs one program');
    result = await straceInject(file, args, expression, { whenReady: true, ...options });
    return result;
  };
  try {
    const value = await round(inject, k);
    if (result === undefined) throw new Error('the round ran no program');
    return { k, injected: result.injected, result, value };
  } catch (error) {
    const trace = result === undefined ? '' : `\n${describe(result)}`;
    throw new Error(`with ${expression}: ${(error as Error).message}${trace}`, { cause: error });
  }
}

function describe(result: StraceResult): string {
  const end = result.signal ?? `exit code ${result.code}`;
  return `${end}\nstdout:\n${result.stdout}stderr:\n${result.stderr}trace:\n${result.trace}`;
}
