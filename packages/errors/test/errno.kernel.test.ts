import { needs, runTool } from '@osx/test-support';
import { expect } from 'vitest';
import { getSystemErrorMap } from 'node:util';
import { errnoNumber, strerror } from '../src/index.ts';
import { linuxErrno } from '../src/internal/errno/linux.ts';

/** Every errno of the compiler's errno.h, aliases resolved. */
function headerErrno(compiler: string): Record<string, number> {
  const macros = runTool(compiler, ['-dM', '-E', '-x', 'c', '-'], { input: '#include <errno.h>\n' });
  const defined = new Map(
    Array.from(macros.matchAll(/^#define (E[A-Z0-9]+) (\w+)$/gm), ([, name, is]) => [name!, is!]),
  );
  const number = (name: string): number => (/^\d+$/.test(name) ? Number(name) : number(defined.get(name)!));
  return Object.fromEntries(Array.from(defined.keys(), (name) => [name, number(name)]));
}

needs('linux', 'gcc').test('the Linux table is the errno.h of this machine, neither more nor less', () => {
  const header = headerErrno('gcc');
  expect(Object.keys(header).length).toBeGreaterThan(130);
  expect(linuxErrno()).toEqual(header);
});

needs('arm64-gcc').test('the Linux table is the errno.h of arm64', () => {
  expect(linuxErrno()).toEqual(headerErrno('aarch64-linux-gnu-gcc'));
});

needs('linux', 'python3').test('the other texts are the C library’s', () => {
  const libuv = new Set([...getSystemErrorMap().values()].map(([name]) => name));
  const program = 'import os, json, sys; print(json.dumps({n: os.strerror(n) for n in json.load(sys.stdin)}))';
  const numbers = Object.values(linuxErrno());
  const libc = JSON.parse(runTool('python3', ['-c', program], { input: JSON.stringify(numbers) })) as Record<
    string,
    string
  >;
  const checked = Object.keys(linuxErrno()).filter((name) => {
    const aliased = Object.entries(linuxErrno()).some(
      ([other, n]) => n === errnoNumber(name, 'linux') && libuv.has(other),
    );
    return !aliased;
  });
  expect(checked.length).toBeGreaterThan(50);
  for (const name of checked) {
    expect(strerror(name).toLowerCase(), name).toBe(libc[errnoNumber(name, 'linux')!]!.toLowerCase());
  }
});
