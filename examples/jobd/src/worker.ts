// Does the jobs that jobd sends it, and blocks while it does: it could not notice by itself that jobd is gone.
import type { Configuration } from './configuration.ts';
import { runJob } from './run-job.ts';
import type { Job } from './state-file.ts';

const clock = new Int32Array(new SharedArrayBuffer(4));

process.on('message', ({ job, configuration }: { job: Job; configuration: Configuration }) => {
  Atomics.wait(clock, 0, 0, configuration.paceMs);
  void runJob(job, { ...configuration, paceMs: 0 }).then((result) => process.send?.(result));
});
