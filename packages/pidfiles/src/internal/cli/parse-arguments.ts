import { parseArgs } from 'node:util';

import type { Command } from './command.ts';
import { bytesOf, textOf } from './raw-arguments.ts';
import { UsageError } from './usage-error.ts';

const definitions = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  timeout: { type: 'string', short: 't' },
  signal: { type: 'string', short: 's' },
  wait: { type: 'boolean', short: 'w' },
} as const;

/** An option that some subcommand has. */
export type OptionName = keyof typeof definitions;

/** What a command line asks for. */
export interface Arguments {
  readonly help: boolean;
  readonly file: Buffer;
  /** FILE for people. */
  readonly fileText: string;
  readonly signal: string | undefined;
  readonly command: readonly Buffer[];
  readonly json: boolean;
  readonly quiet: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number | undefined;
}

/**
 * Reads the words behind the subcommand.
 *
 * @param words As `rawArguments` gives them: a character a byte.
 * @throws {UsageError}
 */
export function parseArguments(command: Command, words: readonly string[]): Arguments {
  const options = Object.fromEntries(
    (['help', ...command.options] as const).map((name) => [name, definitions[name]]),
  ) as Partial<typeof definitions>;
  const [own, rest] = splitCommand(command, options, command.operands === 'signal-file' ? dashSignal(words) : words);
  const { values, positionals } = parse(options, own);
  const help = values.help === true;
  const operands = [...positionals];
  const signal =
    values.signal ?? (command.operands === 'signal-file' && operands.length > 1 ? operands.shift() : undefined);
  const [file, ...more] = operands;
  if (!help) checkOperands(command, file, more, rest);
  return {
    help,
    file: bytesOf(file ?? ''),
    fileText: textOf(file ?? ''),
    signal: signal === undefined ? undefined : textOf(signal),
    command: rest.map(bytesOf),
    json: values.json === true,
    quiet: values.quiet === true,
    wait: values.wait === true,
    timeoutMs: parseSeconds(values.timeout),
  };
}

function parse(options: Partial<typeof definitions>, args: string[]) {
  try {
    const { values, positionals } = parseArgs({ options, args, allowPositionals: true });
    return {
      values: values as { [N in OptionName]?: (typeof definitions)[N]['type'] extends 'string' ? string : boolean },
      positionals,
    };
  } catch (error) {
    // Node's message goes on with advice in further sentences.
    throw new UsageError(textOf((error as Error).message.split(/\.?\n|\. /)[0] as string), { cause: error });
  }
}

function checkOperands(
  { operands }: Command,
  file: string | undefined,
  more: readonly string[],
  rest: readonly string[],
): void {
  if (file === undefined || file === '') throw new UsageError('FILE is missing');
  if (more[0] !== undefined) throw new UsageError(`'${textOf(more[0])}' is one operand too many`);
  if (operands === 'file-command' && rest.length === 0) throw new UsageError('the command to execute is missing');
}

/** kill(1) takes the signal also as `-TERM` and `-9`. */
function dashSignal(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  return /^-([A-Z][A-Z0-9+-]+|\d+)$/.test(first) ? [`--signal=${first.slice(1)}`, ...rest] : words;
}

/** What stands behind FILE is the command's own, its options too. */
function splitCommand(
  { operands }: Command,
  options: Partial<typeof definitions>,
  words: readonly string[],
): [string[], string[]] {
  if (operands !== 'file-command') return [[...words], []];
  const { tokens } = parseArgs({ options, args: [...words], allowPositionals: true, strict: false, tokens: true });
  const file = tokens.find(({ kind }) => kind === 'positional');
  if (file === undefined) return [[...words], []];
  const rest = words.slice(file.index + 1);
  return [words.slice(0, file.index + 1), rest[0] === '--' ? rest.slice(1) : rest];
}

/** Seconds as sleep(1) takes them, in milliseconds. */
function parseSeconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value === 'infinity') return Infinity;
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(value)) {
    throw new UsageError(`'${textOf(value)}' is no number of seconds, nor 'infinity'`);
  }
  return Number(value) * 1000;
}
