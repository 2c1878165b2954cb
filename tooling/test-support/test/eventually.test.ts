import { expect, test } from 'vitest';
import { eventually } from '@osx/test-support';

test('returns the first truthy value, past throws', async () => {
  let calls = 0;
  const value = await eventually(() => {
    calls += 1;
    if (calls === 1) throw new Error('not yet');
    return calls === 3 ? 'done' : '';
  });
  expect(value).toBe('done');
});

test('gives up with the last error', async () => {
  const attempt = eventually(() => Promise.reject(new Error('the reason')), { timeoutMs: 30 });
  await expect(attempt).rejects.toThrow(/still failing after 30 ms: Error: the reason/);
});

test('gives up with the last value', async () => {
  await expect(eventually(() => 0, { timeoutMs: 30 })).rejects.toThrow(/not so after 30 ms: last value 0/);
});
