import { constants } from 'node:os';

import { assertHeadersAgree, needs, runTool, type CCompiler, type CClaims } from '@osx/test-support';
import { expect, test } from 'vitest';

import { signals } from '@osx/signals';

import { packSignalSet, SIGNAL_SET_BYTES, unpackSignalSet } from '../src/internal/signal-set.ts';
import { LINUX_SIGNALS } from '../src/internal/signals-linux.ts';

const headers = ['signal.h'];
const claims: CClaims = {
  headers,
  constants: { ...LINUX_SIGNALS.names, ...LINUX_SIGNALS.aliases },
  structs: {
    sigset_t: { size: SIGNAL_SET_BYTES, fields: {} },
    'union sigval': { size: 8, fields: { sival_int: ['i32', 0], sival_ptr: ['u64', 0] } },
    // The opaque buffer of internal/disposition.ts has 256 bytes.
    'struct sigaction': { size: 152, fields: { sa_handler: ['u64', 0] } },
  },
};
const compilers = [
  ['x64', 'gcc', 'gcc'],
  ['arm64', 'arm64-gcc', 'aarch64-linux-gnu-gcc'],
] as const satisfies [string, string, CCompiler][];

for (const [arch, capability, compiler] of compilers) {
  needs(capability).test(`names, second names and layouts of Linux ${arch} are those in the headers`, async () => {
    await assertHeadersAgree(claims, compiler);
  });
}

needs('gcc').test('a wrong number is found', async () => {
  await expect(assertHeadersAgree({ headers, constants: { SIGTERM: 16 } })).rejects.toThrow(/SIGTERM is not 16/);
});

needs('linux').test('the table of Linux is the one of Node, name by name', () => {
  expect({ ...LINUX_SIGNALS.names, SIGIOT: 6, SIGPOLL: 29 }).toEqual(constants.signals);
});

needs('linux').test('bash numbers the same names', () => {
  const listed = runTool('bash', ['-c', 'kill -l']).matchAll(/(\d+)\) (SIG[A-Z0-9+-]+)/g);
  const bash = new Map(Array.from(listed, ([, number, name]) => [Number(number), name]));
  // Bash names the upper half of the real-time signals from the other end.
  const spelled = Array.from(signals(), ([name, number]): [number, string] => [
    number,
    number > 49 && number < 64 ? `SIGRTMAX-${64 - number}` : name,
  ]);
  expect(bash).toEqual(new Map(spelled));
});

needs('linux', 'python3').test('Python has the same numbers as valid signals', () => {
  const program =
    'import signal, json; print(json.dumps([sorted(map(int, signal.valid_signals())), signal.SIGRTMIN, signal.SIGRTMAX]))';
  const [valid, min, max] = JSON.parse(runTool('python3', ['-c', program])) as [number[], number, number];
  expect([...signals().values()]).toEqual(valid);
  expect([min, max]).toEqual([signals().get('SIGRTMIN'), signals().get('SIGRTMAX')]);
});

test('signal sets: bit n - 1 is signal n', () => {
  const set = packSignalSet([1, 8, 9, 64]);
  expect(Buffer.from(set.subarray(0, 8)).toString('hex')).toBe('8101000000000080');
  expect([...set.subarray(8)]).toEqual(Array.from({ length: SIGNAL_SET_BYTES - 8 }, () => 0));
  expect(unpackSignalSet(set)).toEqual([1, 8, 9, 64]);
  const all = [...signals().values()];
  expect(unpackSignalSet(packSignalSet(all))).toEqual(all);
});

test("the C library's own signals are never shown", () => {
  expect(unpackSignalSet(new Uint8Array(SIGNAL_SET_BYTES).fill(0xff))).toEqual([...signals().values()]);
});
