import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.mjs';

const reportMissing = fileURLToPath(new URL('./report-missing.ts', import.meta.url));

/**
 * Builds, runs every static check and every test, and prints `N passed, N failed, N skipped` as the last line: the sum
 * over the build, the checks (each counts as one) and the tests.
 */
export async function runTests(env, vitestArgs) {
  const directory = mkdtempSync(join(tmpdir(), 'osx-totals-'));
  try {
    const checks = join(directory, 'checks.json');
    const tests = join(directory, 'tests.json');
    await runProgram('node', [reportMissing], env);
    const steps = [
      { run: () => runProgram('turbo', ['run', 'build', '--output-logs=errors-only'], env) },
      { run: () => runProgram('osx-check', [], { ...env, OSX_CHECK_SUMMARY: checks }), summary: checks },
      { run: () => runProgram('vitest', ['run', ...vitestArgs], { ...env, OSX_TEST_SUMMARY: tests }), summary: tests },
    ];
    const totals = { passed: 0, failed: 0, skipped: 0 };
    for (const step of steps) {
      const result = totalsOf(await step.run(), step.summary);
      for (const key of Object.keys(totals)) totals[key] += result[key];
    }
    console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
    return totals.failed === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * What a step says about itself. A step without a summary counts as one, and so does one that failed without naming a
 * failure: it did not get that far.
 */
function totalsOf(exitCode, summary) {
  const totals = { passed: 0, failed: 0, skipped: 0, ...readSummary(summary, exitCode) };
  if (exitCode !== 0 && totals.failed === 0) totals.failed = 1;
  return totals;
}

function readSummary(file, exitCode) {
  if (file === undefined) return { passed: exitCode === 0 ? 1 : 0 };
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { failed: 1 };
  }
}
