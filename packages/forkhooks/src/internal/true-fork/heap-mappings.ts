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

/** Whether a mapping has appeared since that no child would have. */
export function isHeapOutOfForks(): boolean {
  return /^VmFlags:.* dc( |$)/m.test(readFileSync('/proc/self/smaps', 'latin1'));
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
