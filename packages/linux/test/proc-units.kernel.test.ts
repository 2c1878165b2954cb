import { asUnprivilegedUser, assertHeadersAgree, needs, runFixture, runTool } from '@osx/test-support';
import { expect, test } from 'vitest';

import { AT_CLKTCK, AT_PAGESZ, kernelUnits, unitsOfAuxv } from '../src/internal/auxv.ts';

const claims = { headers: ['elf.h'], constants: { AT_PAGESZ, AT_CLKTCK } };

needs('gcc').test('the numbers are those of the headers', () => assertHeadersAgree(claims));

needs('arm64-gcc').test('and of the headers of arm64', () => assertHeadersAgree(claims, 'aarch64-linux-gnu-gcc'));

test('the units are those that getconf tells, also without an auxiliary vector', () => {
  const units = {
    pageBytes: Number(runTool('getconf', ['PAGESIZE'])),
    ticksPerSecond: Number(runTool('getconf', ['CLK_TCK'])),
  };
  expect(kernelUnits()).toEqual(units);
  expect(unitsOfAuxv(Buffer.alloc(0))).toEqual(units);
});

needs('unprivileged-user').test('a process that may not be traced learns of itself all the same', async () => {
  const { stdout, stderr } = await runFixture(new URL('fixtures/proc-undumpable.ts', import.meta.url), [], {
    ...asUnprivilegedUser,
    cwd: '/',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    auxv: 'EACCES',
    pageBytes: Number(runTool('getconf', ['PAGESIZE'])),
    isOwn: true,
    tick: true,
  });
});
