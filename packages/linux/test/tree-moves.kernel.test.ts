import { closeSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { IN_CREATE, IN_DELETE, IN_ISDIR, IN_MOVED_FROM, IN_MOVED_TO } from '@osx/linux/inotify';
import { temporaryDirectory } from '@osx/test-support';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { SCAN_NEW } from '../src/internal/directory-node.ts';
import { openInotifyFd } from '../src/internal/inotify-calls.ts';
import { ReportClock } from '../src/internal/report-clock.ts';
import { TreeChanges } from '../src/internal/tree-changes.ts';
import { TreeChecks } from '../src/internal/tree-checks.ts';
import { TreeMoves } from '../src/internal/tree-moves.ts';
import { TreeScanner } from '../src/internal/tree-scanner.ts';
import { TreeWatches } from '../src/internal/tree-watches.ts';
import { Tree } from '../src/internal/tree.ts';

/** The machinery over a real directory, with events given by hand: orders that the kernel takes only now and then. */
function machine(root: string) {
  const fd = openInotifyFd();
  const lines: string[] = [];
  /** Done once, as soon as a name was looked at. */
  const interrupt: (() => void)[] = [];
  const below = (path: string): string => path.slice(1);
  const watches = new TreeWatches(fd, root, 0);
  const tree = new Tree({
    shownBase: '',
    watches,
    clock: new ReportClock(),
    ignore: {
      dependsOnPath: false,
      test: () => {
        for (const act of interrupt.splice(0)) act();
        return false;
      },
    },
    deliver: ({ type, path, fromPath }) =>
      lines.push(`${type} ${fromPath === undefined ? '' : `${below(fromPath)} -> `}${below(path)}`),
  });
  const moves = new TreeMoves(tree);
  const scanner = new TreeScanner(tree, true);
  const checks = new TreeChecks(tree, scanner, moves, () => lines.push('root lost'));
  const changes = new TreeChanges(tree, scanner, moves, 0);
  watches.addRoot(tree.root);
  tree.wantScan(tree.root, SCAN_NEW);
  scanner.run(() => true);
  return {
    tree,
    interrupt,
    event: (mask: number, name: string, cookie = 0): void => changes.apply(tree.root, mask, cookie, name),
    settle(): void {
      moves.settle();
      tree.epoch += 1;
      checks.run();
      moves.waitForRest();
      scanner.isSilent = false;
      scanner.run(() => true);
    },
    scan: (): void => scanner.run(() => true),
    fd,
    take: (): string[] => lines.splice(0),
    close: (): void => closeSync(fd),
  };
}

let directory: ReturnType<typeof temporaryDirectory>;
let given: ReturnType<typeof machine>;
const at = (name: string): string => join(directory.path, name);

beforeEach(() => {
  directory = temporaryDirectory('tree');
  for (const name of ['a', 'b']) mkdirSync(at(`${name}/sub`), { recursive: true });
  writeFileSync(at('file'), '');
  given = machine(directory.path);
});
afterEach(() => {
  given.close();
  directory[Symbol.dispose]();
});

test('halves that are not adjacent are paired by their cookie', () => {
  renameSync(at('a'), at('x'));
  renameSync(at('b'), at('y'));
  given.event(IN_MOVED_FROM | IN_ISDIR, 'a', 1);
  given.event(IN_CREATE, 'other');
  given.event(IN_MOVED_FROM | IN_ISDIR, 'b', 2);
  given.event(IN_MOVED_TO | IN_ISDIR, 'y', 2);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  expect(given.take()).toEqual(['create other', 'move b -> y', 'move a -> x']);
  expect(given.tree.root.childDirectory('x')?.childDirectory('sub')?.path).toBe('x/sub');
});

test('a half that is alone waits for its rename to be over and the queue to be read once more, then it left', () => {
  renameSync(at('a'), at('b/inner'));
  given.event(IN_MOVED_FROM | IN_ISDIR, 'a', 1);
  given.settle();
  expect(given.take()).toEqual([]);
  given.settle();
  expect(given.take()).toEqual(['delete a/sub', 'delete a']);
});

test('the other half comes after the queue was empty: still one move', () => {
  renameSync(at('a'), at('x'));
  given.event(IN_MOVED_FROM | IN_ISDIR, 'a', 1);
  given.settle();
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  expect(given.take()).toEqual(['move a -> x']);
});

test('a name that is taken again while its half waits: gone, then there', () => {
  renameSync(at('file'), at('x'));
  writeFileSync(at('file'), '');
  given.event(IN_MOVED_FROM, 'file', 1);
  given.event(IN_CREATE, 'file');
  given.event(IN_MOVED_TO, 'x', 1);
  expect(given.take()).toEqual(['delete file', 'create file', 'create x']);
});

test('only the second half: it came in, and is read', () => {
  mkdirSync(at('in/deep'), { recursive: true });
  given.event(IN_MOVED_TO | IN_ISDIR, 'in', 7);
  given.settle();
  expect(given.take()).toEqual(['create in', 'create in/deep']);
});

test('a directory that was watched in the place of another one that had moved on', () => {
  // mkdir n; mv n x; mkdir n: at the first event, n is the second directory.
  mkdirSync(at('n/second'), { recursive: true });
  mkdirSync(at('x/first'), { recursive: true });
  given.event(IN_CREATE | IN_ISDIR, 'n');
  given.event(IN_MOVED_FROM | IN_ISDIR, 'n', 1);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  given.event(IN_CREATE | IN_ISDIR, 'n');
  for (let round = 0; round < 3; round += 1) given.settle();
  expect([...(given.tree.root.childDirectory('n')?.entries.keys() ?? [])]).toEqual(['second']);
  expect([...(given.tree.root.childDirectory('x')?.entries.keys() ?? [])]).toEqual(['first']);
  expect(given.tree.watches.isInPlace(given.tree.root.childDirectory('x') as never)).toBe(true);
});

test('the same, and that one has gone out of the tree before anything of it was read', () => {
  mkdirSync(at('n/second'), { recursive: true });
  given.event(IN_CREATE | IN_ISDIR, 'n');
  given.scan();
  using outside = temporaryDirectory('tree');
  renameSync(at('n'), join(outside.path, 'n'));
  mkdirSync(at('x/first'), { recursive: true });
  given.event(IN_MOVED_FROM | IN_ISDIR, 'n', 1);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  given.event(IN_CREATE | IN_ISDIR, 'n');
  given.event(IN_MOVED_FROM | IN_ISDIR, 'n', 2);
  for (let round = 0; round < 3; round += 1) given.settle();
  expect(given.tree.root.childDirectory('n')).toBeUndefined();
  expect([...(given.tree.root.childDirectory('x')?.entries.keys() ?? [])]).toEqual(['first']);
  expect(given.tree.watches.isInPlace(given.tree.root.childDirectory('x') as never)).toBe(true);
});

test('a directory that had moved on before its watch could be set is watched at its new place', () => {
  mkdirSync(at('x/first'), { recursive: true });
  given.event(IN_CREATE | IN_ISDIR, 'n');
  given.event(IN_MOVED_FROM | IN_ISDIR, 'n', 1);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  given.settle();
  expect(given.take()).toEqual(['create n', 'move n -> x', 'create x/first']);
});

test('a directory that moved on between its watch and its scan is read at its new place', () => {
  mkdirSync(at('n/first'), { recursive: true });
  given.event(IN_CREATE | IN_ISDIR, 'n');
  renameSync(at('n'), at('x'));
  given.settle();
  given.event(IN_MOVED_FROM | IN_ISDIR, 'n', 1);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  for (let round = 0; round < 3; round += 1) given.settle();
  expect(given.take()).toEqual(['create n', 'move n -> x', 'create x/first']);
});

test('a directory that was watched in the place of another one, which is told after the queue was read empty', () => {
  mkdirSync(at('n'));
  writeFileSync(at('n/second'), '');
  given.event(IN_CREATE | IN_ISDIR, 'n');
  given.settle();
  using outside = temporaryDirectory('tree');
  renameSync(at('n'), join(outside.path, 'n'));
  mkdirSync(at('x/first'), { recursive: true });
  given.event(IN_MOVED_FROM | IN_ISDIR, 'n', 1);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  given.event(IN_CREATE | IN_ISDIR, 'n');
  given.event(IN_MOVED_FROM | IN_ISDIR, 'n', 2);
  for (let round = 0; round < 3; round += 1) given.settle();
  expect([...(given.tree.root.childDirectory('x')?.entries.keys() ?? [])]).toEqual(['first']);
});

test('a directory that is renamed in the midst of the check of its names: they are not gone', () => {
  const a = given.tree.root.childDirectory('a') as NonNullable<ReturnType<typeof given.tree.root.childDirectory>>;
  mkdirSync(at('a/later'));
  for (const name of ['later', 'sub']) given.tree.wantCheck(a, name);
  given.interrupt.push(() => renameSync(at('a'), at('x')));
  given.settle();
  given.event(IN_MOVED_FROM | IN_ISDIR, 'a', 1);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  for (let round = 0; round < 3; round += 1) given.settle();
  expect(given.take()).toEqual(['create a/later', 'move a -> x']);
  for (const name of ['later', 'sub']) {
    expect(given.tree.watches.isInPlace(a.childDirectory(name) as never)).toBe(true);
  }
});

test('an exchange with a directory that was not known, and the known one has gone on out of the tree', () => {
  for (let round = 0; round < 3; round += 1) given.settle();
  mkdirSync(at('x/inner'), { recursive: true });
  using outside = temporaryDirectory('tree');
  renameSync(at('a'), join(outside.path, 'a'));
  renameSync(at('x'), at('a'));
  given.event(IN_MOVED_FROM | IN_ISDIR, 'a', 1);
  given.event(IN_MOVED_TO | IN_ISDIR, 'x', 1);
  given.event(IN_MOVED_FROM | IN_ISDIR, 'x', 2);
  given.event(IN_MOVED_TO | IN_ISDIR, 'a', 2);
  for (let round = 0; round < 3; round += 1) given.settle();
  expect([...(given.tree.root.childDirectory('a')?.entries.keys() ?? [])]).toEqual(['inner']);
  expect(given.tree.watches.isInPlace(given.tree.root.childDirectory('a') as never)).toBe(true);
});

test('an exchange, and what it put here has moved on before it was checked, and what it put there out of the tree', () => {
  for (let round = 0; round < 3; round += 1) given.settle();
  using outside = temporaryDirectory('tree');
  renameSync(at('a'), join(outside.path, 'a'));
  renameSync(at('b'), at('y'));
  for (const [from, to, cookie] of [
    ['a', 'b', 1],
    ['b', 'a', 2],
    ['a', 'y', 3],
  ] as const) {
    given.event(IN_MOVED_FROM | IN_ISDIR, from, cookie);
    given.event(IN_MOVED_TO | IN_ISDIR, to, cookie);
  }
  for (let round = 0; round < 3; round += 1) given.settle();
  expect(given.tree.watches.isInPlace(given.tree.root.childDirectory('y') as never)).toBe(true);
});

test('an exchange whose first half came from nowhere: both names are there', () => {
  writeFileSync(at('x'), '');
  given.event(IN_MOVED_TO, 'file', 1);
  given.event(IN_MOVED_FROM, 'file', 2);
  given.event(IN_MOVED_TO, 'x', 2);
  for (let round = 0; round < 2; round += 1) given.settle();
  expect([...given.tree.root.entries.keys()].toSorted()).toEqual(['a', 'b', 'file', 'x']);
});

test('a half that left, and something else is in its place', () => {
  given.event(IN_MOVED_FROM, 'file', 1);
  for (let round = 0; round < 2; round += 1) given.settle();
  expect(given.take()).toEqual(['delete file', 'create file']);
});

test('to look at a directory that is not of the tree leaves no watch', () => {
  using outside = temporaryDirectory('tree');
  const watches = (): number =>
    readFileSync(`/proc/self/fdinfo/${given.fd}`, 'latin1').match(/^inotify/gm)?.length ?? 0;
  expect(watches()).toBe(5);
  expect(given.tree.watches.look(outside.path)).toBe(0);
  expect(watches()).toBe(5);
});

test('events older than a scan say nothing new, and nothing false in the end', () => {
  rmSync(at('file'));
  mkdirSync(at('file'));
  given.tree.wantScan(given.tree.root, SCAN_NEW);
  given.settle();
  expect(given.take()).toEqual(['delete file', 'create file']);
  given.event(IN_DELETE, 'file');
  given.event(IN_CREATE | IN_ISDIR, 'file');
  given.event(IN_CREATE, 'gone again');
  given.event(IN_DELETE, 'gone again');
  given.settle();
  expect(given.take()).toEqual(['create gone again', 'delete gone again']);
  expect(given.tree.root.childDirectory('file')?.wd).toBeGreaterThan(0);
});
