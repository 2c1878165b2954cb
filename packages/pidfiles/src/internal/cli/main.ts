import { readFileSync } from 'node:fs';

import { asSystemError } from '@osx/errors';

import { commands } from './commands.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { EXIT } from './exit-codes.ts';
import { commandHelp, generalHelp } from './help.ts';
import { parseArguments } from './parse-arguments.ts';
import { complain, printLine } from './print.ts';
import { rawArguments, textOf } from './raw-arguments.ts';
import { UsageError } from './usage-error.ts';

/**
 * The command `pidfile`: runs the subcommand that the arguments name and ends the process with its exit code.
 *
 * @param argv `process.argv` from the first argument on.
 * @param manifest Where the package.json is that says the version.
 */
export async function main(argv: readonly string[], manifest: URL): Promise<void> {
  process.exit(await run(rawArguments(argv), manifest));
}

async function run([name, ...words]: string[], manifest: URL): Promise<number> {
  try {
    if (name === '--version' || name === '-V') {
      printLine((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version);
      return EXIT.done;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      printLine(generalHelp());
      return EXIT.done;
    }
    if (name === undefined) throw new UsageError(`a command is missing${SEE_HELP}`);
    const command = commands.get(name);
    if (command === undefined) throw new UsageError(`'${textOf(name)}' is no command of it${SEE_HELP}`);
    const args = parseArguments(command, words);
    if (args.help) {
      printLine(commandHelp(command));
      return EXIT.done;
    }
    return await command.run(args);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return exitCodeOf(asSystemError(error));
  }
}

const SEE_HELP = "; see 'pidfile --help'";
