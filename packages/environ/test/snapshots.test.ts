import { execFileSync } from 'node:child_process';
import { diffEnviron, restoreEnviron, snapshotEnviron, type MutableEnviron } from '@osx/environ';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

const environs = fc.dictionary(
  fc.constantFrom('A', 'B', 'C', '__proto__', 'toString', 'constructor'),
  fc.constantFrom('', 'x', 'y', undefined),
  { noNullPrototype: true },
);

test('a snapshot is of its moment, sorted, frozen and without a prototype', () => {
  const environ: MutableEnviron = { B: 'b', A: '', C: undefined };
  const snapshot = snapshotEnviron({ environ });
  environ['A'] = 'later';
  expect(Object.entries(snapshot)).toEqual([
    ['A', ''],
    ['B', 'b'],
  ]);
  expect(Object.isFrozen(snapshot)).toBe(true);
  expect('toString' in snapshot).toBe(false);
  expect(() => Object.assign(snapshot, { A: '1' })).toThrow(TypeError);
});

test('a child takes a snapshot as its environment', () => {
  const env = snapshotEnviron({ environ: { PATH: process.env['PATH'], OSX_SNAPSHOT: 'here' } });
  expect(execFileSync('sh', ['-c', 'printf %s "$OSX_SNAPSHOT"'], { env, encoding: 'utf8' })).toBe('here');
});

test('a diff tells added, removed and changed, and that empty is something', () => {
  const diff = diffEnviron({ A: '1', B: '', C: 'c', D: undefined }, { A: '2', C: 'c', D: '', E: undefined });
  expect(diff).toEqual({
    added: { D: '' },
    removed: { B: '' },
    changed: { A: { from: '1', to: '2' } },
    isEmpty: false,
  });
  expect([diff, diff.added, diff.removed, diff.changed, diff.changed['A']].every(Object.isFrozen)).toBe(true);
  expect(diffEnviron({ A: undefined }, {}).isEmpty).toBe(true);
});

test('what was restored differs in nothing, and the diff says what was done', () => {
  fc.assert(
    fc.property(environs, environs, (before, after) => {
      const environ: MutableEnviron = { ...after };
      const snapshot = snapshotEnviron({ environ: before });
      const expected = diffEnviron(after, before);
      const done = restoreEnviron(snapshot, { environ });
      expect(done).toEqual(expected);
      expect(diffEnviron(environ, snapshot).isEmpty).toBe(true);
      expect(Object.getPrototypeOf(environ)).toBe(Object.prototype);
    }),
  );
});

test('process.env is restored', () => {
  const before = snapshotEnviron();
  process.env['OSX_SNAPSHOT_NEW'] = 'n';
  process.env['PATH'] = '';
  expect(Object.keys(restoreEnviron(before).removed)).toEqual(['OSX_SNAPSHOT_NEW']);
  expect(diffEnviron(before, process.env).isEmpty).toBe(true);
});

test.each([
  ['snapshot', () => restoreEnviron('x' as never), 'ERR_INVALID_ARG_TYPE'],
  ['before', () => diffEnviron(null as never, {}), 'ERR_INVALID_ARG_TYPE'],
  ['after', () => diffEnviron({}, [] as never), 'ERR_INVALID_ARG_TYPE'],
  ['a value', () => diffEnviron({}, { A: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['options', () => snapshotEnviron(null as never), 'ERR_INVALID_ARG_TYPE'],
  ['a value of an environment', () => snapshotEnviron({ environ: { A: null as never } }), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});

test('nothing is restored when one name or value will not do', () => {
  const environ: MutableEnviron = { A: 'a' };
  for (const bad of [{ 'A=': 'x' }, { B: 'x\0' }, { '': 'x' }]) {
    expect(() => restoreEnviron(bad, { environ })).toThrow(TypeError);
    expect(environ).toEqual({ A: 'a' });
  }
});
