import { checkInteger, checkOneOf, invalidArgType } from '@osx/errors';

import type { CgroupLimits, CpuMax } from '../cgroups/cgroup-limits.ts';
import { parseList, parseNumber } from './cgroup-formats.ts';

type LimitName = keyof CgroupLimits;

const KINDS = {
  'memory.min': 'amount',
  'memory.low': 'amount',
  'memory.high': 'amount',
  'memory.max': 'amount',
  'memory.swap.high': 'amount',
  'memory.swap.max': 'amount',
  'pids.max': 'amount',
  'cpu.max': 'time',
  'cpu.weight': 'weight',
  'cgroup.max.depth': 'amount',
  'cgroup.max.descendants': 'amount',
} as const satisfies Record<LimitName, string>;

const MAX_WEIGHT = 10_000;
// kernel/sched/core.c: min_cfs_quota_period and max_cfs_quota_period.
const MIN_TIME_US = 1000;
const MAX_PERIOD_US = 1_000_000;

export function checkLimitName(name: unknown): LimitName {
  return checkOneOf('name', name, Object.keys(KINDS) as LimitName[]);
}

/** What is written to the file of a limit, once the value is known to be one. */
export function limitText(name: LimitName, value: unknown): string {
  const kind = KINDS[name];
  if (kind === 'time') return timeText(value);
  if (kind === 'weight') return String(checkInteger('value', value, { min: 1, max: MAX_WEIGHT }));
  return value === Infinity ? 'max' : String(checkInteger('value', value, { min: 0 }));
}

export function parseLimit(name: LimitName, text: string): number | Required<CpuMax> {
  if (KINDS[name] !== 'time') return parseNumber(text, name);
  const [quota = '', period = ''] = parseList(text);
  return { quotaUs: parseNumber(quota, name), periodUs: parseNumber(period, name) };
}

function timeText(value: unknown): string {
  if (typeof value !== 'object' || value === null) throw invalidArgType('value', 'of type object', value);
  const { quotaUs, periodUs } = value as CpuMax;
  const quota = quotaUs === Infinity ? 'max' : String(checkInteger('value.quotaUs', quotaUs, { min: MIN_TIME_US }));
  if (periodUs === undefined) return quota;
  return `${quota} ${checkInteger('value.periodUs', periodUs, { min: MIN_TIME_US, max: MAX_PERIOD_US })}`;
}
