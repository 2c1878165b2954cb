import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { flock } from '@osx/fcntl';
import { needs, temporaryDirectory } from '@osx/test-support';

import { exitStatus } from './fixtures/children.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
const opened: number[] = [];

beforeEach(() => {
  directory = temporaryDirectory('flock');
  path = join(directory.path, 'file');
  writeFileSync(path, '');
});
afterEach(() => {
  for (const fd of opened.splice(0)) closeSync(fd);
  directory[Symbol.dispose]();
});

function openFile(flags = 'r+'): number {
  const fd = openSync(path, flags);
  opened.push(fd);
  return fd;
}

const refused = expect.objectContaining({ code: 'EAGAIN', syscall: 'flock' });

test('two descriptions exclude each other, in one process too', () => {
  const [a, b] = [openFile(), openFile('r')];
  flock(a, 'exclusive');
  expect(() => flock(b, 'shared')).toThrow(refused);
  flock(a, 'unlock');
  flock(b, 'exclusive');
  expect(() => flock(a, 'shared')).toThrow(refused);
});

test('shared locks go together; again by the same description is granted', () => {
  const [a, b] = [openFile(), openFile()];
  flock(a, 'shared');
  flock(b, 'shared');
  flock(b, 'shared');
  flock(a, 'unlock');
  flock(b, 'exclusive');
  flock(b, 'exclusive');
});

test('shared to exclusive is not atomic: refused, both are gone', () => {
  const [a, b, c] = [openFile(), openFile(), openFile()];
  flock(a, 'shared');
  flock(b, 'shared');
  expect(() => flock(a, 'exclusive')).toThrow(refused);
  flock(b, 'unlock');
  expect(() => flock(c, 'exclusive')).not.toThrow();
});

test('a directory can be locked by its descriptor', () => {
  const [a, b] = [openSync(directory.path, 'r'), openSync(directory.path, 'r')];
  opened.push(a, b);
  flock(a, 'exclusive');
  expect(() => flock(b, 'exclusive')).toThrow(refused);
});

needs('flock').test("a child that unlocks the inherited descriptor drops the parent's lock", () => {
  const [held, other] = [openFile(), openFile()];
  flock(held, 'exclusive');
  expect(exitStatus('flock', ['--unlock', '3'], held)).toBe(0);
  expect(() => flock(other, 'exclusive')).not.toThrow();
});

test('a child that only closes the inherited descriptor leaves it', () => {
  const [held, other] = [openFile(), openFile()];
  flock(held, 'exclusive');
  expect(exitStatus('true', [], held)).toBe(0);
  expect(() => flock(other, 'exclusive')).toThrow(refused);
});
