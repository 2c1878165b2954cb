import { readFileSync } from 'node:fs';

import { errnoNumber } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { madvise } from './native-calls.ts';
import { refuse } from './refuse.ts';

/** Addresses from start to end, end excluded. */
type Range = readonly [start: bigint, end: bigint];

/** Below is nothing that can be mapped; addresses of programs end at 2^47 on x86-64. */
const LOWEST = 0x10000n;
const HIGHEST = 0x7fff_ffff_f000n;

let ranges: readonly Range[] | undefined;

/**
 * Has all memory of this process copied into a child: V8 keeps its heap out of children (MADV_DONTFORK), so a child would
 * not survive its first look at an object.
 *
 * One call covers many mappings; where nothing is mapped the kernel says ENOMEM and goes on. So nothing has to be read
 * just before the fork. [vvar], which the kernel maps and which refuses, lies between the ranges.
 *
 * @throws {UnsupportedError} where a device's memory is mapped (EINVAL).
 */
export function includeHeapInForks(): void {
  ranges ??= rangesBetweenKernelMappings(readFileSync('/proc/self/maps', 'latin1'));
  const { MADV_DOFORK } = linuxConstants();
  for (const [start, end] of ranges) {
    const result = madvise(start, end - start, MADV_DOFORK);
    if (result === -(errnoNumber('EINVAL') as number)) throw refuse("no mapping of a device's memory");
  }
}

/**
 * Whether a child lacks memory that this process has: a mapping that V8 made after the call above and before the fork. What was mapped
 * since the fork is taken for such a one, too.
 */
export function lacksMemory(childPid: number): boolean {
  const childs = readFileSync(`/proc/${childPid}/maps`, 'latin1');
  return !coversAll(mappedRanges(childs), mappedRanges(readFileSync('/proc/self/maps', 'latin1')));
}

/** @internal */
export function mappedRanges(maps: string): Range[] {
  return Array.from(maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) /gm), ([, start, end]) => [
    BigInt(`0x${start as string}`),
    BigInt(`0x${end as string}`),
  ]);
}

/** Whether all of `wanted` lies in `mapped`; both ascend. @internal */
export function coversAll(mapped: readonly Range[], wanted: readonly Range[]): boolean {
  let index = 0;
  for (const [start, end] of wanted) {
    let reached = start;
    for (; reached < end; index++) {
      const range = mapped[index];
      if (range === undefined || range[0] > reached) return false;
      if (range[1] < reached) continue;
      reached = range[1];
      // The next that is wanted may lie in this one, too.
      if (reached >= end) break;
    }
  }
  return true;
}

/** @internal */
export function rangesBetweenKernelMappings(maps: string): Range[] {
  const found: Range[] = [];
  let start = LOWEST;
  for (const line of maps.split('\n')) {
    const kernel = /^([0-9a-f]+)-([0-9a-f]+) .*\[(?:vvar|vvar_vclock|vdso|vsyscall)\]$/.exec(line);
    if (kernel === null) continue;
    const [from, to] = [BigInt(`0x${kernel[1] as string}`), BigInt(`0x${kernel[2] as string}`)];
    if (from >= HIGHEST) break;
    if (from > start) found.push([start, from]);
    start = to;
  }
  if (start < HIGHEST) found.push([start, HIGHEST]);
  return found;
}
