import type { Arguments, OptionName } from './parse-arguments.ts';

/** One subcommand: what its help says, what it accepts, and what it does. */
export interface Command {
  /** What follows `pidfile` in the help. */
  readonly synopsis: string;
  readonly summary: string;
  readonly options: readonly OptionName[];
  /** What a command line may hold besides options: FILE alone, a signal before it, or a command behind it. */
  readonly operands: 'file' | 'signal-file' | 'file-command';
  /** @returns The exit code. */
  run(args: Arguments): Promise<number> | number;
}
