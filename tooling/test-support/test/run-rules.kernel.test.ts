import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runFixture, temporaryDirectory } from '@osx/test-support';
import type { FixtureResult } from '@osx/test-support';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const echo = fileURLToPath(new URL('./fixtures/echo.ts', import.meta.url));

/** Runs vitest, as this repository configures it, on one test file with the given body. */
async function runVitest(body: string, env: Record<string, string | undefined> = {}): Promise<FixtureResult> {
  using project = temporaryDirectory('osx-run-rules');
  mkdirSync(join(project.path, 'packages/one/test'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(project.path, 'node_modules'));
  mkdirSync(join(project.path, 'tooling/test-support'), { recursive: true });
  symlinkSync(join(root, 'tooling/test-support/src'), join(project.path, 'tooling/test-support/src'));
  writeFileSync(join(project.path, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project.path, 'vitest.config.ts'), readFileSync(join(root, 'vitest.config.ts')));
  const support = JSON.stringify(join(root, 'tooling/test-support/src/index.ts'));
  const imports = `import { expect, test } from 'vitest';\nimport { needs as guarded, runFixture } from ${support};\n`;
  writeFileSync(join(project.path, 'packages/one/test/one.test.ts'), imports + body);
  const unset = { VITEST: undefined, VITEST_POOL_ID: undefined, VITEST_WORKER_ID: undefined, VITEST_MODE: undefined };
  return await runFixture(join(root, 'node_modules/vitest/dist/cli.js'), ['run', '--configLoader', 'native'], {
    cwd: project.path,
    allowNodeWarnings: true,
    env: { ...unset, OSX_REQUIRE: undefined, OSX_TEST_SUMMARY: undefined, NO_COLOR: '1', ...env },
  });
}

const lastLine = (result: FixtureResult): string | undefined => result.stdout.trimEnd().split('\n').at(-1);

test('the last line is the totals', async () => {
  const result = await runVitest(`
    test('passes', () => {});
    test('fails', () => expect(1).toBe(2));
    test.skip('is skipped', () => {});
  `);
  expect(lastLine(result)).toBe('1 passed, 1 failed, 1 skipped');
  expect(result.code).toBe(1);
});

test('a file that does not load is a failure', async () => {
  const result = await runVitest(`throw new Error('at load');`);
  expect(lastLine(result)).toBe('0 passed, 1 failed, 0 skipped');
  expect(result.code).toBe(1);
});

test('a rejection that nobody handles is a failure', async () => {
  const result = await runVitest(`
    test('passes, but', async () => {
      Promise.reject(new Error('stray'));
      await new Promise((resolve) => setImmediate(resolve));
    });
  `);
  expect(lastLine(result)).toBe('1 passed, 1 failed, 0 skipped');
  expect(result.code).toBe(1);
});

test('a warning of Node fails the test that caused it', async () => {
  const result = await runVitest(`
    import { EventEmitter } from 'node:events';
    test('leaks listeners', () => {
      const emitter = new EventEmitter();
      for (let i = 0; i < 11; i++) emitter.on('x', () => {});
    });
    test('is innocent', () => {});
  `);
  expect(lastLine(result)).toBe('1 passed, 1 failed, 0 skipped');
  expect(result.stderr).toContain('MaxListenersExceededWarning');
  expect(result.code).toBe(1);
});

test('a warning that a fixture printed fails the test that ran it', async () => {
  const result = await runVitest(`
    test('runs a fixture', async () => {
      await runFixture(${JSON.stringify(echo)}, [], { input: 'warn\\nexit 0\\n' });
    });
  `);
  expect(lastLine(result)).toBe('0 passed, 1 failed, 0 skipped');
  expect(result.stderr).toContain('on request');
});

// No PATH, so that strace is missing on every machine.
const withoutTools = { PATH: '/nonexistent' };
const strace = `
  guarded('strace').test('traces', () => {});
  guarded('strace').test.each([1, 2])('traces %i', () => {});
  guarded('strace').describe('a suite', () => { test('in it', () => {}); });
`;

test('a test whose capability is missing is skipped and says what it needs', async () => {
  const result = await runVitest(strace, withoutTools);
  expect(result.stdout).toContain('skipped (needs strace): packages/one/test/one.test.ts: traces\n');
  expect(lastLine(result)).toBe('0 passed, 0 failed, 4 skipped');
  expect(result.code).toBe(0);
});

test.each(['all', 'mount,strace'])('with OSX_REQUIRE=%s it fails and says why', async (required) => {
  const result = await runVitest(strace, { ...withoutTools, OSX_REQUIRE: required });
  expect(result.stderr).toMatch(/asks for what this machine lacks[^]*strace: strace could not be run: .*ENOENT/);
  expect(lastLine(result)).toBe('0 passed, 3 failed, 0 skipped');
  expect(result.code).toBe(1);
});

test('OSX_REQUIRE of something else leaves the skip a skip, and an unknown name is refused', async () => {
  expect(lastLine(await runVitest(strace, { ...withoutTools, OSX_REQUIRE: 'linux' }))).toBe(
    '0 passed, 0 failed, 4 skipped',
  );
  expect((await runVitest(strace, { ...withoutTools, OSX_REQUIRE: 'starce' })).stderr).toContain(
    'OSX_REQUIRE names "starce"',
  );
});
