import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule, TestSuite } from 'vitest/node';

/** Totals of a run; `failed` counts also what is no test: a file that does not load, a failing hook, a stray rejection. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Reporter for vitest: lists the skipped tests, each with what it would have needed, and ends with the line
 * `N passed, N failed, N skipped`. With `OSX_TEST_SUMMARY=file` the totals go to that file as JSON instead.
 */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const totals = countTotals(modules, unhandledErrors);
    for (const module of modules) for (const line of skippedTests(module)) console.log(line);
    const file = process.env['OSX_TEST_SUMMARY'];
    if (file === undefined) console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
    else writeFileSync(file, JSON.stringify(totals));
  }
}

function countTotals(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Totals {
  const totals: Totals = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    const containers: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
    totals.failed += containers.filter((container) => container.errors().length > 0).length;
    for (const test of module.children.allTests()) totals[outcome(test.result().state)] += 1;
  }
  return totals;
}

/** A test that never got a result (its worker died) has failed. */
function outcome(state: 'pending' | keyof Totals): keyof Totals {
  return state === 'pending' ? 'failed' : state;
}

function skippedTests(module: TestModule): string[] {
  return [...module.children.allTests('skipped')].map((test) => {
    const [, name = test.fullName, missing] = /^(.*?) \[needs ([^\]]+)\]/.exec(test.fullName) ?? [];
    const reason = missing === undefined ? '' : ` (needs ${missing})`;
    return `skipped${reason}: ${module.relativeModuleId}: ${name}`;
  });
}
