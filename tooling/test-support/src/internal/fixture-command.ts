import { fileURLToPath } from 'node:url';

import { unprivilegedCommand } from './unprivileged-command.ts';

/** How a fixture is started, whether it is waited for or talked to. */
export interface FixtureOptions {
  /** Added to this process's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Options of node itself, before the file. */
  readonly nodeArgs?: readonly string[];
  /** Runs the fixture under another command: `['strace', '-f']`. */
  readonly prefix?: readonly string[];
  /** Runs all of it under another command, which is root's still where `uid` is given. */
  readonly outerPrefix?: readonly string[];
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Lets the fixture print Node warnings, which fail the test otherwise. */
  readonly allowNodeWarnings?: boolean;
}

/** Where the program is: a path, or a URL such as `new URL('./fixtures/holder.ts', import.meta.url)`. */
export type FixtureFile = string | URL;

/** The words to execute and their spawn options. */
export function fixtureCommand(file: FixtureFile, args: readonly string[], options: FixtureOptions) {
  const path = typeof file === 'string' && !file.startsWith('file:') ? file : fileURLToPath(file);
  const words = [...(options.prefix ?? []), process.execPath, ...(options.nodeArgs ?? []), path, ...args];
  const { uid, gid = uid } = options;
  const [command, ...rest] = [
    ...(options.outerPrefix ?? []),
    ...(uid === undefined || gid === undefined ? words : unprivilegedCommand(words, uid, gid)),
  ] as [string, ...string[]];
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  return {
    path,
    command,
    args: rest,
    spawnOptions: {
      env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    },
  };
}
