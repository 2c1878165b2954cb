import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasCode } from '@osx/errors';

/**
 * Compiles a program of `c/` into the directory.
 *
 * @returns `undefined` where there is no C compiler.
 * @throws when there is one and it does not like the program.
 */
export function compileC(name: string, directory: string): string | undefined {
  const program = join(directory, name);
  if (existsSync(program)) return program;
  const source = fileURLToPath(new URL(`../c/${name}.c`, import.meta.url));
  return compile('gcc', ['-O2', '-Wall', '-Werror', '-o', program, source]) === 'no compiler' ? undefined : program;
}

/**
 * Compiles a C++ source of somebody else into a shared object.
 *
 * @returns `false` where there is no compiler, or none that likes the source.
 */
export function compileAddon(
  source: string,
  output: string,
  includes: readonly string[],
  libraries: readonly string[],
): boolean {
  mkdirSync(dirname(output), { recursive: true });
  const flags = ['-O2', '-w', '-shared', '-fPIC', '-std=c++20', ...includes.map((path) => `-I${path}`)];
  try {
    return compile('g++', [...flags, '-o', output, source, ...libraries.map((name) => `-l${name}`)]) === 'compiled';
  } catch {
    return false;
  }
}

function compile(compiler: string, args: readonly string[]): 'compiled' | 'no compiler' {
  try {
    execFileSync(compiler, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    return 'compiled';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'no compiler';
    throw error;
  }
}
