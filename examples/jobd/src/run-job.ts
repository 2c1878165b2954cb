import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Configuration } from './configuration.ts';
import type { Job, Result } from './state-file.ts';

/** Does a job: here, or in a worker. */
export type RunJob = (job: Job, configuration: Configuration) => Promise<Result>;

/** Does a job in this process. */
export async function runJob(job: Job, { label, paceMs }: Configuration): Promise<Result> {
  if (paceMs > 0) await sleep(paceMs);
  return { ...job, digest: createHash('sha256').update(job.text).digest('hex'), label };
}
