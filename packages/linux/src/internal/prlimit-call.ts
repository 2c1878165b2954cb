import { checkBoolean, checkInteger, checkOneOf, checkOptions, SystemError, UnsupportedError } from '@osx/errors';
import { defineSyscall, zeroOrError } from '@osx/native-ffi';

import { RLIM_INFINITY, type Resource, type ResourceLimit, type ResourceLimitOptions } from '../prlimit/resource.ts';
import { ENOSYS, EPERM, ESRCH } from './errno-numbers.ts';
import { readSysctl } from './read-sysctl.ts';
import { RLIMITS } from './rlimit-constants.ts';
import { rlimitStruct } from './rlimit-struct.ts';

const call = defineSyscall({
  number: 'SYS_prlimit64',
  parameters: ['int', 'int', 'pointer', 'pointer'],
  decode: zeroOrError,
});

/** Whose limit, and how the caller wants it; 0 is the calling process. */
export interface LimitTarget {
  readonly number: number;
  readonly resource: Resource;
  readonly pid: number;
  readonly bigint: boolean;
}

export const resources: readonly Resource[] = Object.keys(RLIMITS) as Resource[];

export function checkLimitTarget(resource: Resource, options: ResourceLimitOptions | undefined): LimitTarget {
  checkOneOf('resource', resource, resources);
  const { pid, bigint = false } = checkOptions('options', options);
  return {
    number: RLIMITS[resource],
    resource,
    pid: pid === undefined ? 0 : checkInteger('options.pid', pid, { min: 1, max: 2 ** 31 - 1 }),
    bigint: checkBoolean('options.bigint', bigint),
  };
}

/** `prlimit(pid, resource, new, old)`: the limit that held before, after setting a new one, if there is one, in one step. */
export function prlimit(target: LimitTarget, limit?: ResourceLimit<bigint>): ResourceLimit<bigint> {
  const old = Buffer.alloc(rlimitStruct.size());
  const wanted = limit === undefined ? null : rlimitStruct.pack({ rlim_cur: limit.soft, rlim_max: limit.hard });
  const result = call(target.pid, target.number, wanted, old);
  if (result < 0) throw prlimitError(result, target, limit);
  const { rlim_cur: soft, rlim_max: hard } = rlimitStruct.unpack(old);
  return { soft, hard };
}

/** A limit as the caller asked for it. */
export function presentLimit<Value extends number | bigint>(
  limit: ResourceLimit<bigint>,
  bigint: boolean,
): ResourceLimit<Value> {
  const present = (value: bigint) => (bigint ? value : value === RLIM_INFINITY ? Infinity : Number(value)) as Value;
  return { soft: present(limit.soft), hard: present(limit.hard) };
}

const syscall = 'prlimit';

function prlimitError(errno: number, { resource, pid }: LimitTarget, limit?: ResourceLimit<bigint>): SystemError {
  if (errno === -ENOSYS) {
    return new UnsupportedError({ feature: syscall, requires: 'Linux 2.6.36, and no seccomp filter against it' });
  }
  if (errno === -ESRCH) return new SystemError({ errno, syscall, message: `no such process ${pid}` });
  if (errno === -EPERM && limit !== undefined) {
    const whose = pid === 0 ? '' : `, or process ${pid} is another user's`;
    const ceiling = resource === 'nofile' ? `, and nobody beyond sysctl fs.nr_open${readSysctl('fs.nr_open')}` : '';
    const message = `only CAP_SYS_RESOURCE raises the hard limit of ${resource}${ceiling}${whose}`;
    return new SystemError({ errno, syscall, message });
  }
  return new SystemError({ errno, syscall });
}
