import type { Check, CheckResult } from './check-definition.ts';
import type { Repository } from './repository.ts';

export interface CheckSummary {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Runs the checks, so many at a time and in the given order, and prints a line for each as it ends, with what it found
 * when it fails. A check that throws has failed.
 */
export async function runChecks(
  checks: readonly Check[],
  repository: Repository,
  options: { concurrency: number; print: (text: string) => void },
): Promise<CheckSummary> {
  const summary: CheckSummary = { passed: 0, failed: 0, skipped: 0 };
  const queue = [...checks];
  const work = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const startedAt = performance.now();
      const result = await runOne(check, repository);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const outcome = result.problems.length > 0 ? 'failed' : result.skipped !== undefined ? 'skipped' : 'passed';
      summary[outcome] += 1;
      options.print(report(check.name, outcome, seconds, result));
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return summary;
}

async function runOne(check: Check, repository: Repository): Promise<CheckResult> {
  try {
    return await check.run(repository);
  } catch (error) {
    return {
      problems: [`the check itself broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`],
    };
  }
}

function report(name: string, outcome: keyof CheckSummary, seconds: string, result: CheckResult): string {
  const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[outcome];
  const reason = outcome === 'skipped' ? `  (${result.skipped ?? ''})` : '';
  const lines = [`${mark} ${name.padEnd(14)} ${seconds.padStart(6)} s${reason}`];
  for (const warning of result.warnings ?? []) lines.push(indent(`warning: ${warning}`));
  for (const problem of result.problems) lines.push(indent(problem));
  return lines.join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '       ');
}
