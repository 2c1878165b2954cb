import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,tooling,examples}/*/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.soak.test.ts'],
    setupFiles: ['./tooling/test-support/src/fail-on-node-warning.ts'],
    reporters: ['default', './tooling/test-support/src/totals-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // Node itself loads the modules: under vite's runner a package reached by createRequire is a second instance.
    experimental: { viteModuleRunner: false },
  },
});
