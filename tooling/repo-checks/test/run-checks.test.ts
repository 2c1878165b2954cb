import { expect, test } from 'vitest';

import type { Check, CheckResult } from '../src/check-definition.ts';
import { openRepository } from '../src/repository.ts';
import { runChecks } from '../src/run-checks.ts';

const check = (name: string, result: CheckResult): Check => ({ name, run: () => Promise.resolve(result) });
const repository = openRepository('.');

test('counts what passed, failed and was skipped, and shows the findings', async () => {
  const printed: string[] = [];
  const checks = [
    check('good', { problems: [] }),
    check('bad', { problems: ['a.ts:1: wrong\nmore of it'], warnings: ['and odd'] }),
    check('absent', { problems: [], skipped: 'no such system' }),
    check('both', { problems: ['still wrong'], skipped: 'partly' }),
    { name: 'broken', run: () => Promise.reject(new Error('it broke')) },
  ];
  const summary = await runChecks(checks, repository, { concurrency: 1, print: (text) => printed.push(text) });
  expect(summary).toEqual({ passed: 1, failed: 3, skipped: 1 });
  const text = printed.join('\n').replaceAll(/\d+\.\d s/g, 'N s');
  expect(text).toMatch(
    /^ok {3}good +N s\nFAIL bad +N s\n {7}warning: and odd\n {7}a\.ts:1: wrong\n {7}more of it\nskip absent +N s {2}\(no such system\)\n/,
  );
  expect(text).toMatch(/FAIL broken[^]*the check itself broke: Error: it broke/);
});

test('runs no more at a time than it may', async () => {
  let running = 0;
  let most = 0;
  const slow = (name: string): Check => ({
    name,
    async run() {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { problems: [] };
    },
  });
  await runChecks(['a', 'b', 'c', 'd'].map(slow), repository, { concurrency: 2, print: () => {} });
  expect(most).toBe(2);
});
