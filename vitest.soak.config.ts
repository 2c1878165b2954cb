import { defineConfig, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** The long runs: everything of the normal run's settings, other files, one at a time. */
const soak = mergeConfig(
  config,
  defineConfig({ test: { maxWorkers: 1, testTimeout: 20 * 60_000, hookTimeout: 120_000 } }),
);
// mergeConfig would join the lists.
soak.test.include = ['{packages,tooling,examples}/*/test/**/*.soak.test.ts'];
soak.test.exclude = ['**/node_modules/**'];

export default soak;
