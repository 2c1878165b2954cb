import { hasCode } from '@osx/errors';

/** What a Worker can be given of the command line of this process, once that is known. */
let inheritable: readonly string[] | undefined;

/**
 * Makes a Worker that has the options of the command line, as one without `execArgv` has. Options of V8 and of the process
 * act on it anyway, but are refused when they are named; which those are, only Node's refusal tells.
 */
export function withInheritedExecArgv<T>(construct: (inherited: readonly string[]) => T): T {
  const all = inheritable ?? process.execArgv;
  try {
    return construct(all);
  } catch (error) {
    if (inheritable !== undefined || !hasCode(error, 'ERR_WORKER_INVALID_EXEC_ARGV')) throw error;
    const refused = new Set(error.message.slice(error.message.indexOf(': ') + 2).split(', '));
    const accepted = all.filter((_argument, index) => !isRefused(all, index, refused));
    const made = construct(accepted);
    inheritable = accepted;
    return made;
  }
}

/** An option, or the value that follows it as an argument of its own. */
function isRefused(all: readonly string[], index: number, refused: ReadonlySet<string>): boolean {
  const argument = all[index] ?? '';
  if (argument.startsWith('-')) return refused.has(argument);
  const option = all[index - 1] ?? '';
  return refused.has(option) && !option.includes('=');
}
