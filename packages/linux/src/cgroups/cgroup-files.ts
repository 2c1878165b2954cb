import { isUnsupportedError } from '@osx/errors';

import type { CgroupDirectory } from '../internal/cgroup-directory.ts';
import { parseFlatKeyed, parseList, parseNestedKeyed, parseNumber } from '../internal/cgroup-formats.ts';
import type { CgroupValue } from '../internal/cgroup-formats.ts';
import { checkLimitName, limitText, parseLimit } from '../internal/cgroup-limit-text.ts';
import { checkEntryName, checkValue, subtreeControlText } from '../internal/check-cgroup-arguments.ts';
import type { CgroupLimits, CpuMax } from './cgroup-limits.ts';
import type { SubtreeControlChange } from './cgroup-options.ts';

export type CgroupType = 'domain' | 'domain threaded' | 'domain invalid' | 'threaded';

/** A cgroup as its files show it: what it is, what it may use, and what it is given. */
export class CgroupFiles {
  /** @internal */
  protected readonly own: CgroupDirectory;

  /** @internal */
  constructor(directory: CgroupDirectory) {
    this.own = directory;
  }

  /** The directory in which it is seen, for other programs. */
  get directory(): string {
    return this.own.path;
  }

  /** The number of this very cgroup, never given away again in this boot; the `cgroupId` of a pidfd's `info()`. */
  get id(): bigint {
    return this.own.id;
  }

  /** Whether it is still there. */
  get exists(): boolean {
    return this.own.exists();
  }

  /** Whether it holds processes, or threads of processes that are around it (Linux 4.14; before, and for the root: domain). */
  get type(): CgroupType {
    try {
      return this.own.read('cgroup.type') as CgroupType;
    } catch (error) {
      if (isUnsupportedError(error)) return 'domain';
      throw error;
    }
  }

  /** The controllers that it may use: those that its parent hands on. */
  get controllers(): string[] {
    return parseList(this.own.read('cgroup.controllers'));
  }

  /** The controllers that it hands on to its children. */
  get subtreeControl(): string[] {
    return parseList(this.own.read('cgroup.subtree_control'));
  }

  /**
   * Enables and disables controllers for the children, all or none.
   *
   * @throws {SystemError} ENOENT (not in `controllers`), EBUSY (it has processes; a child hands it on), EINVAL, EACCES.
   */
  setSubtreeControl(change: SubtreeControlChange): void {
    const text = subtreeControlText(change);
    if (text !== '') this.own.write('cgroup.subtree_control', text);
  }

  /**
   * One of its files as text, without the last newline.
   *
   * @param key Such as `'memory.current'`.
   * @throws {SystemError} ENOENT: the message says which controller is missing; ENODEV.
   */
  read(key: string): string {
    return this.own.read(checkEntryName('key', key));
  }

  /** A file with one number; `max` is Infinity. Exact up to 2^53. */
  readNumber(key: string): number {
    return parseNumber(this.read(key), key);
  }

  /** A flat keyed file, such as `memory.stat`, `cpu.stat` or `memory.events`. */
  readFlatKeyed(key: string): Record<string, number> {
    return parseFlatKeyed(this.read(key));
  }

  /** A nested keyed file, such as `io.stat`, `io.max` or `cpu.pressure`: numbers, or text where there is no number. */
  readNestedKeyed(key: string): Record<string, Record<string, CgroupValue>> {
    return parseNestedKeyed(this.read(key));
  }

  /**
   * Writes one of its files, in one call.
   *
   * @param value Infinity is written as `max`.
   * @throws {SystemError} EINVAL, ERANGE (not a value of that file), EACCES, EROFS, ENOENT, ENODEV.
   */
  write(key: string, value: string | number | bigint): void {
    this.own.write(checkEntryName('key', key), checkValue(value));
  }

  /** A limit, typed; ENOENT where its controller is missing. */
  getLimit<Name extends keyof CgroupLimits>(name: Name): Name extends 'cpu.max' ? Required<CpuMax> : number {
    checkLimitName(name);
    return parseLimit(name, this.own.read(name)) as Name extends 'cpu.max' ? Required<CpuMax> : number;
  }

  /**
   * Sets a limit. The kernel rounds memory down to whole pages.
   *
   * @throws as {@link write}; `ERR_OUT_OF_RANGE` for what is no such limit.
   */
  setLimit<Name extends keyof CgroupLimits>(name: Name, value: CgroupLimits[Name]): void {
    checkLimitName(name);
    this.own.write(name, limitText(name, value));
  }
}
