import { invalidArgValue } from '@osx/errors';

import type { ForkEvent, ForkKind } from '../fork-hook.ts';
import { checkAmendment } from './check-amendment.ts';

/** What Node hands to libuv: the arguments after its checks, with `argv[0]` in `args` and the environment as `NAME=value`. */
export interface NativeStart {
  file: string;
  args?: string[] | undefined;
  envPairs?: string[] | undefined;
  [option: string]: unknown;
}

/** Whether Node would start this, rather than refuse it: somebody may call `ChildProcess.prototype.spawn` himself. */
export function isNativeStart(value: unknown): value is NativeStart {
  if (typeof value !== 'object' || value === null) return false;
  const { file, args, envPairs } = value as Record<string, unknown>;
  const isList = (list: unknown): boolean => list === undefined || Array.isArray(list);
  return typeof file === 'string' && isList(args) && isList(envPairs);
}

/** Not the hooks' to see: they stand in the event by themselves, or are what these were made of. */
const NOT_OPTIONS = ['envPairs', 'env', 'argv0'] as const;

/** What the hooks see of a start. */
export function describeStart(kind: ForkKind, native: NativeStart): ForkEvent {
  const { file, args = [], envPairs } = native;
  return { kind, command: file, args: args.slice(1), env: environmentOf(envPairs), options: optionsOf(native) };
}

function optionsOf({ file, args: [argv0] = [], ...others }: NativeStart): Record<string, unknown> {
  const options: Record<string, unknown> = others;
  for (const name of NOT_OPTIONS) delete options[name];
  if (argv0 !== undefined && argv0 !== file) options['argv0'] = argv0;
  return options;
}

function environmentOf(pairs: string[] | undefined): Record<string, string | undefined> {
  const environment = Object.create(null) as Record<string, string | undefined>;
  if (pairs === undefined) return Object.assign(environment, process.env);
  for (const pair of pairs) {
    // On Windows a name may begin with '='; elsewhere there may be none.
    const end = Math.max(pair.indexOf('=', 1), pair.indexOf('='));
    environment[pair.slice(0, end)] = pair.slice(end + 1);
  }
  return environment;
}

/**
 * Makes the start what the hooks have made of the event. Node has done its checks before the hooks, and what libuv is given
 * wrongly ends the process: so what a hook changed is checked here.
 *
 * @throws {TypeError} for an amendment that Node would not have taken from the caller; then nothing was changed.
 */
export function applyAmendments(native: NativeStart, event: ForkEvent): void {
  const { kind, command, args, env, options } = event;
  const before = optionsOf(native);
  const names = [...new Set([...Object.keys(before), ...Object.keys(options)])];
  const amended = names.filter((name) => !Object.is(before[name], options[name]));
  for (const name of amended) checkAmendment(kind, name, options[name]);
  if (typeof command !== 'string' || command === '') throw invalidArgValue('event.command', 'a program', command);
  const argv = [options['argv0'] ?? command, ...args].map((argument) => text('event.args', argument));
  const pairs = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${text('event.env', name)}=${text(`event.env.${name}`, value)}`],
  );
  text('event.command', command);
  for (const name of amended) native[name] = options[name];
  native.file = command;
  native.args = argv;
  native.envPairs = pairs;
}

/** As Node does it: anything becomes a string, NUL is refused, for it would end the string early. */
function text(name: string, value: unknown): string {
  const string = String(value);
  if (string.includes('\0')) throw invalidArgValue(name, 'a string without NUL', value);
  return string;
}
