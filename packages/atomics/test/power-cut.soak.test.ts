import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { cutPower } from './power-cut.ts';

const ROUNDS = 20;
const { describe } = needs('loop-mount', 'python3', 'xfsprogs');

describe.each(['ext4', 'xfs'] as const)('%s', (type) => {
  const { test } = needs('loop-mount', 'python3', 'xfsprogs');

  test('full: nothing torn, nothing acknowledged lost', { timeout: 1_800_000 }, async () => {
    const findings = await cutPower(type, 'full', ROUNDS);
    console.log(`${type} full`, findings);
    expect(findings).toMatchObject({ rounds: ROUNDS, torn: 0, lost: 0, litter: 0 });
    expect(findings.acknowledged).toBeGreaterThan(ROUNDS);
  });

  test('file: nothing torn', { timeout: 1_800_000 }, async () => {
    const findings = await cutPower(type, 'file', ROUNDS);
    console.log(`${type} file`, findings);
    expect(findings).toMatchObject({ rounds: ROUNDS, torn: 0 });
  });

  test('the mutant without a sync of the directory is caught losing', { timeout: 1_800_000 }, async () => {
    const findings = await cutPower(type, 'mutant-no-directory-sync', ROUNDS);
    console.log(`${type} mutant-no-directory-sync`, findings);
    expect(findings.lost).toBeGreaterThan(0);
  });

  test('the mutant without any sync is caught tearing or losing', { timeout: 1_800_000 }, async () => {
    const findings = await cutPower(type, 'mutant-no-sync', ROUNDS);
    console.log(`${type} mutant-no-sync`, findings);
    expect(findings.torn + findings.lost).toBeGreaterThan(0);
  });
});
