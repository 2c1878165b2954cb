import { describe, expect, test } from 'vitest';

import { InotifyWatch } from '../src/inotify/inotify-watch.ts';
import { WatchTable } from '../src/internal/watch-table.ts';

const owner = { removeWatch: () => false };

function tableWith(...wds: number[]): { table: WatchTable; watches: InotifyWatch[] } {
  const table = new WatchTable();
  const watches = wds.map((wd) => new InotifyWatch(owner, wd));
  for (const watch of watches) table.add(watch);
  return { table, watches };
}

describe('WatchTable', () => {
  test('an event belongs to the watch with its number', () => {
    const { table, watches } = tableWith(1, 2);
    expect(table.ownerOf(2)).toBe(watches[1]);
    expect(table.ownerOf(3)).toBeUndefined();
  });

  test('events of an ended watch are still its own until IN_IGNORED', () => {
    const { table, watches } = tableWith(1);
    const [watch] = watches as [InotifyWatch];
    table.end(watch);
    expect(table.currentOf(1)).toBeUndefined();
    expect(watch.isActive).toBe(false);
    expect(table.ownerOf(1)).toBe(watch);
    table.ignored(1);
    expect(table.ownerOf(1)).toBeUndefined();
    expect(table.endingCount).toBe(0);
  });

  test('a number given again: what was queued belongs to the old watch, what follows its IN_IGNORED to the new', () => {
    const { table, watches } = tableWith(7);
    const [old] = watches as [InotifyWatch];
    table.end(old);
    const middle = new InotifyWatch(owner, 7);
    table.add(middle);
    expect(table.ownerOf(7)).toBe(old);
    table.end(middle);
    const young = new InotifyWatch(owner, 7);
    table.add(young);
    expect(table.ownerOf(7)).toBe(old);
    table.ignored(7);
    expect(table.ownerOf(7)).toBe(middle);
    table.ignored(7);
    expect(table.ownerOf(7)).toBe(young);
    expect(young.isActive).toBe(true);
    table.ignored(7);
    expect(young.isActive).toBe(false);
    expect(table.ownerOf(7)).toBeUndefined();
  });

  test('an IN_IGNORED that an overflow swallowed leaves nothing behind once the queue was empty', () => {
    const { table, watches } = tableWith(1, 2);
    const [lost, kept] = watches as [InotifyWatch, InotifyWatch];
    table.end(lost);
    table.queueEmptied();
    expect(table.endingCount).toBe(0);
    expect(table.ownerOf(1)).toBeUndefined();
    expect(table.ownerOf(2)).toBe(kept);
  });

  test('ending twice is ending once', () => {
    const { table, watches } = tableWith(1);
    const [watch] = watches as [InotifyWatch];
    table.end(watch);
    table.end(watch);
    table.ignored(1);
    expect(table.endingCount).toBe(0);
  });

  test('clear ends every watch', () => {
    const { table, watches } = tableWith(1, 2);
    table.clear();
    expect(watches.map((watch) => watch.isActive)).toEqual([false, false]);
    expect(table.current()).toEqual([]);
  });
});
