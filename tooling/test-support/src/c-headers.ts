import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface CClaims {
  /** Headers to include, `sys/inotify.h`. */
  readonly headers: readonly string[];
  /** Names and the numbers that we believe they have. */
  readonly constants?: Readonly<Record<string, number>>;
  /** C type (`struct flock`) and the layout that we believe it has; field types as `i32`, `u64`. */
  readonly structs?: Readonly<
    Record<string, { readonly size: number; readonly fields: Readonly<Record<string, readonly [string, number]>> }>
  >;
}

export type CCompiler = 'gcc' | 'aarch64-linux-gnu-gcc';

/**
 * Has a C compiler compare our tables of constants and layouts with the system's headers, as static assertions: nothing
 * is run, so a cross compiler proves another architecture's tables as well.
 *
 * @throws {Error} with the compiler's messages, one per wrong claim.
 */
export async function assertHeadersAgree(claims: CClaims, compiler: CCompiler = 'gcc'): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'osx-c-headers-'));
  const source = join(directory, 'claims.c');
  try {
    await writeFile(source, cSource(claims));
    await run(compiler, ['-std=gnu11', '-fsyntax-only', '-fmax-errors=0', source]);
  } catch (error) {
    throw new Error(`${compiler} and our tables disagree:\n${(error as { stderr?: string }).stderr ?? String(error)}`, {
      cause: error,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function cSource({ headers, constants = {}, structs = {} }: CClaims): string {
  const lines = ['#define _GNU_SOURCE', ...['stddef.h', ...headers].map((header) => `#include <${header}>`)];
  for (const [name, value] of Object.entries(constants)) {
    lines.push(`_Static_assert((long long)(${name}) == ${value}LL, "${name} is not ${value}");`);
  }
  for (const [type, { size, fields }] of Object.entries(structs)) {
    lines.push(`_Static_assert(sizeof(${type}) == ${size}, "sizeof(${type}) is not ${size}");`);
    for (const [field, [fieldType, offset]] of Object.entries(fields)) {
      const width = Number(fieldType.slice(1)) / 8;
      lines.push(
        `_Static_assert(offsetof(${type}, ${field}) == ${offset}, "${type}.${field} is not at ${offset}");`,
        `_Static_assert(sizeof(((${type} *)0)->${field}) == ${width}, "${type}.${field} is not ${fieldType}");`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
