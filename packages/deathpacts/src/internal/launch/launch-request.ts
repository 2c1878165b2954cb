import {
  checkAbortSignal,
  checkBoolean,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkString,
  invalidArgType,
  invalidArgValue,
} from '@osx/errors';

import type { SpawnWithDeathpactOptions } from '../../spawn-with-deathpact.ts';
import { checkEndingSignal } from '../check-pact-options.ts';

const SIGKILL = 9;
const SIGTERM = 15;
const LONGEST_MS = 2 ** 31 - 1;
const MAX_ID = 2 ** 32 - 2;
const DEFAULT_TREE_GRACE_MS = 5_000;
const SHELL = process.platform === 'android' ? '/system/bin/sh' : '/bin/sh';

/** What child_process is given, without what is the pact's. */
export type ForwardedOptions = Omit<
  SpawnWithDeathpactOptions,
  'pact' | 'graceMs' | 'tree' | 'cgroup' | 'signal' | 'abortSignal' | 'shell' | 'argv0' | 'uid' | 'gid'
> & { signal?: AbortSignal };

/** A start under a pact: what to run, and who ends it how. */
export interface LaunchRequest {
  /** The program, a shell where one was asked for. */
  readonly file: string;
  readonly args: readonly string[];
  readonly argv0: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly options: ForwardedOptions;
  readonly environment: NodeJS.ProcessEnv;
  readonly pact: 'best' | 'parent-death-signal' | 'process' | 'none';
  /** What it gets when the parent is dead. */
  readonly deathSignal: number;
  /** How long after that SIGKILL comes; undefined: never. */
  readonly graceMs: number | undefined;
  readonly tree: boolean;
  readonly cgroup: string | undefined;
}

/** Checks what `spawnWithDeathpact` was given, as child_process does, before anything is done. */
export function checkLaunch(
  command: string,
  args: readonly string[] | SpawnWithDeathpactOptions | undefined,
  options: SpawnWithDeathpactOptions | undefined,
): LaunchRequest {
  const words = Array.isArray(args) ? (args as readonly string[]) : [];
  if (args !== undefined && args !== null && !Array.isArray(args) && options !== undefined) {
    throw invalidArgType('args', 'an Array of strings', args);
  }
  const given = checkOptions(
    'options',
    Array.isArray(args) || args === undefined || args === null ? options : (args as SpawnWithDeathpactOptions),
  );
  checkCommand(command, words);
  const { pact = 'best', graceMs, tree = false, cgroup, signal, abortSignal, shell, argv0, uid, gid, ...rest } = given;
  checkOneOf('options.pact', pact, ['best', 'parent-death-signal', 'process', 'none']);
  checkBoolean('options.tree', tree);
  if (cgroup !== undefined) checkCgroup(cgroup, tree);
  if (graceMs !== undefined) checkInteger('options.graceMs', graceMs, { min: 0, max: LONGEST_MS });
  if (argv0 !== undefined && argv0 !== null) checkWord('options.argv0', argv0);
  const abort = abortSignalOf(signal, abortSignal);
  const deathSignal =
    typeof signal === 'string' || typeof signal === 'number'
      ? checkEndingSignal('options.signal', signal)
      : graceMs === undefined
        ? SIGKILL
        : SIGTERM;
  return {
    ...programOf(command, words, shell),
    argv0: argv0 ?? undefined,
    uid: checkId('options.uid', uid),
    gid: checkId('options.gid', gid),
    options: { ...rest, ...(abort !== undefined && { signal: abort }) },
    environment: given.env ?? process.env,
    pact,
    deathSignal,
    graceMs: graceMs ?? (tree && deathSignal !== SIGKILL ? DEFAULT_TREE_GRACE_MS : undefined),
    tree,
    cgroup,
  };
}

function checkCgroup(cgroup: unknown, tree: boolean): void {
  if (!checkWord('options.cgroup', cgroup).startsWith('/')) {
    throw invalidArgValue('options.cgroup', 'a path in the hierarchy, beginning with /', cgroup);
  }
  if (!tree) throw invalidArgValue('options.cgroup', 'given together with tree', cgroup);
}

function checkCommand(command: unknown, args: readonly unknown[]): void {
  if (checkWord('command', command) === '') throw invalidArgValue('command', 'the name of a program', command);
  for (const [index, word] of args.entries()) checkWord(`args[${index}]`, word);
}

/** As child_process, which takes null for not given. */
function checkId(name: string, id: number | null | undefined): number | undefined {
  return id === undefined || id === null ? undefined : checkInteger(name, id, { min: 0, max: MAX_ID });
}

/** A string that C can have. */
function checkWord(name: string, value: unknown): string {
  const word = checkString(name, value);
  if (word.includes('\0')) throw invalidArgValue(name, 'a string without null bytes', value);
  return word;
}

/** `signal` is the pact's when it is a name or number, child_process's when it is an AbortSignal. */
function abortSignalOf(
  signal: SpawnWithDeathpactOptions['signal'],
  abortSignal: AbortSignal | undefined,
): AbortSignal | undefined {
  if (signal === undefined || typeof signal === 'string' || typeof signal === 'number') {
    return checkAbortSignal('options.abortSignal', abortSignal);
  }
  if (abortSignal !== undefined) {
    throw invalidArgValue('options.signal', 'the name or number of a signal beside abortSignal', signal);
  }
  return checkAbortSignal('options.signal', signal);
}

/** What child_process makes of `shell`. */
function programOf(
  command: string,
  args: readonly string[],
  shell: string | boolean | undefined,
): Pick<LaunchRequest, 'file' | 'args'> {
  if (shell === undefined || shell === null || shell === false) return { file: command, args };
  if (shell !== true && typeof shell !== 'string')
    throw invalidArgType('options.shell', 'a boolean or a string', shell);
  const file = typeof shell === 'string' && shell !== '' ? shell : SHELL;
  return { file, args: ['-c', [command, ...args].join(' ')] };
}
