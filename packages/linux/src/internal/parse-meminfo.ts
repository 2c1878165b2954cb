import type { Meminfo } from '../proc/meminfo.ts';
import { parseAmount, parseColonLines } from './proc-text.ts';

/** Reads /proc/meminfo. */
export function parseMeminfo(text: string): Meminfo {
  const fields = new Map<string, number>();
  for (const [name, value] of parseColonLines(text)) {
    const amount = parseAmount(value);
    if (amount !== undefined) fields.set(name, amount);
  }
  return {
    memTotalBytes: fields.get('MemTotal') ?? 0,
    memFreeBytes: fields.get('MemFree') ?? 0,
    memAvailableBytes: fields.get('MemAvailable'),
    buffersBytes: fields.get('Buffers'),
    cachedBytes: fields.get('Cached'),
    swapCachedBytes: fields.get('SwapCached'),
    activeBytes: fields.get('Active'),
    inactiveBytes: fields.get('Inactive'),
    swapTotalBytes: fields.get('SwapTotal'),
    swapFreeBytes: fields.get('SwapFree'),
    dirtyBytes: fields.get('Dirty'),
    writebackBytes: fields.get('Writeback'),
    anonPagesBytes: fields.get('AnonPages'),
    mappedBytes: fields.get('Mapped'),
    shmemBytes: fields.get('Shmem'),
    slabBytes: fields.get('Slab'),
    slabReclaimableBytes: fields.get('SReclaimable'),
    commitLimitBytes: fields.get('CommitLimit'),
    committedBytes: fields.get('Committed_AS'),
    fields,
  };
}
