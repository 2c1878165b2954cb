import { parseArgs } from 'node:util';

import { checkEndingSignal } from '../check-pact-options.ts';
import { bytesOf, textOf } from './raw-arguments.ts';
import { UsageError } from './usage-error.ts';

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
  signal: { type: 'string', short: 's' },
  grace: { type: 'string', short: 'g' },
  tree: { type: 'boolean', short: 't' },
  parent: { type: 'string', short: 'p' },
} as const;

const LONGEST_MS = 2 ** 31 - 1;
const MAX_PID = 2 ** 31 - 1;

/** What a command line asks for. */
export interface Arguments {
  readonly help: boolean;
  readonly version: boolean;
  readonly command: readonly Buffer[];
  /** A number; undefined: the default. */
  readonly signal: number | undefined;
  readonly graceMs: number | undefined;
  readonly tree: boolean;
  readonly parentPid: number | undefined;
}

/**
 * Reads the command line.
 *
 * @param words As `rawArguments` gives them: a character a byte.
 * @throws {UsageError}
 */
export function parseArguments(words: readonly string[]): Arguments {
  const [own, command] = splitCommand(words);
  const values = parse(own);
  const { help = false, version = false, tree = false } = values;
  if (!help && !version && (command[0] === undefined || command[0] === '')) {
    throw new UsageError("the command to run is missing; see 'deathpact --help'");
  }
  return {
    help,
    version,
    tree,
    command: command.map(bytesOf),
    signal: signalOf(values.signal),
    graceMs: numberOf('--grace', values.grace, LONGEST_MS, 'a number of milliseconds'),
    parentPid: numberOf('--parent', values.parent, MAX_PID, 'a pid'),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ options, args }).values;
  } catch (error) {
    // Node's message goes on with advice in further sentences.
    throw new UsageError(textOf((error as Error).message.split(/\.?\n|\. /)[0] as string), { cause: error });
  }
}

/** What stands behind COMMAND is the command's own, its options too. */
function splitCommand(words: readonly string[]): [string[], string[]] {
  const { tokens } = parseArgs({ options, args: [...words], allowPositionals: true, strict: false, tokens: true });
  const first = tokens.find(({ kind }) => kind === 'positional' || kind === 'option-terminator');
  if (first === undefined) return [[...words], []];
  const start = first.kind === 'positional' ? first.index : first.index + 1;
  return [words.slice(0, first.index), words.slice(start)];
}

function signalOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  try {
    return checkEndingSignal('--signal', textOf(value));
  } catch (cause) {
    throw new UsageError(`'${textOf(value)}' is no signal that ends a program`, { cause });
  }
}

function numberOf(option: string, value: string | undefined, max: number, wish: string): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Infinity;
  if (number <= max) return number;
  throw new UsageError(`${option}: '${textOf(value)}' is not ${wish}`);
}
