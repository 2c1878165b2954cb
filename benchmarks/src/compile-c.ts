import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles a program of `c/` into the directory; `undefined` where there is no C compiler. */
export function compileC(name: string, directory: string): string | undefined {
  const program = join(directory, name);
  if (existsSync(program)) return program;
  const source = fileURLToPath(new URL(`../c/${name}.c`, import.meta.url));
  return compiled('gcc', ['-O2', '-Wall', '-Werror', '-o', program, source]) ? program : undefined;
}

/** Compiles one C++ source into a shared object; `false` where there is no compiler, or none that likes the source. */
export function compileAddon(source: string, output: string, includes: readonly string[]): boolean {
  mkdirSync(join(output, '..'), { recursive: true });
  const flags = ['-O2', '-w', '-shared', '-fPIC', '-std=c++20', ...includes.map((path) => `-I${path}`)];
  return compiled('g++', [...flags, '-o', output, source]);
}

function compiled(compiler: string, args: readonly string[]): boolean {
  try {
    execFileSync(compiler, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      console.error(String((error as { stderr?: Buffer }).stderr));
    return false;
  }
}
