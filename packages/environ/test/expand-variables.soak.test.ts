import { needs } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { compareWithShell } from './support/compare-with-shell.ts';

describe.each(['bash', 'dash'] as const)('beside %s', (shell) => {
  needs(shell).test('20,000 random texts come to the same', () => {
    const compared = compareWithShell(shell, 23_000);
    console.log(`${shell}: ${compared} texts compared`);
    expect(compared).toBeGreaterThan(20_000);
  });
});
