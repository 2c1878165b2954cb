import { accessSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

import { asSystemError, invalidArgType, invalidArgValue } from '@osx/errors';

import type { ForkHook } from '../fork-hook.ts';

/** What is called in the child: an expression that yields a function, or a module. */
export type ChildCall = { readonly source: string } | { readonly module: string };

/**
 * What to send to a child for `afterForkInChild`.
 *
 * @throws {TypeError} for what cannot be sent: native and bound functions, generators, classes, relative paths.
 * @throws {SystemError} when the module cannot be read.
 */
export function childCallOf(name: string, value: NonNullable<ForkHook['afterForkInChild']>): ChildCall {
  if (typeof value === 'function') return { source: sourceOf(name, value) };
  const file = fileOf(name, value);
  try {
    accessSync(file);
  } catch (error) {
    throw asSystemError(error);
  }
  return { module: file };
}

function fileOf(name: string, value: unknown): string {
  if (value instanceof URL) {
    if (value.protocol !== 'file:') throw invalidArgValue(name, 'a file: URL', value.href);
    return fileURLToPath(value);
  }
  if (typeof value !== 'string') throw invalidArgType(name, 'a function, a file: URL or an absolute path', value);
  if (!isAbsolute(value)) throw invalidArgValue(name, 'an absolute path', value);
  return value;
}

function sourceOf(name: string, value: (...args: never[]) => unknown): string {
  const text = Function.prototype.toString.call(value);
  if (/^(?:class|function\s*\*|(?:async\s*)?\*|async\s+function\s*\*)/.test(text)) {
    throw invalidArgValue(name, 'an ordinary function', value);
  }
  // The text of a method (`name() {}`) is an expression only in an object.
  const source = [`(${text})`, `Object.values({${text}})[0]`].find(isExpression);
  if (source === undefined) throw invalidArgValue(name, 'a function whose source is known', value);
  return source;
}

function isExpression(source: string): boolean {
  try {
    const { Script } = process.getBuiltinModule('node:vm');
    return new Script(`'use strict';${source}`) instanceof Script;
  } catch {
    return false;
  }
}
