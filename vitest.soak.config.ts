import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** The long runs: the settings of the normal run, other files, one at a time. */
export default defineConfig({
  test: {
    ...config.test,
    include: ['{packages,tooling,examples}/*/test/**/*.soak.test.ts'],
    exclude: ['**/node_modules/**'],
    maxWorkers: 1,
    testTimeout: 20 * 60_000,
    hookTimeout: 120_000,
  },
});
