// `npm run demo`, `npm test`, `npm run test:soak` and `npm run bench` start here, on whatever Node (20 or newer) the
// machine has and with nothing installed. Everything after the installation runs on the Node 24 that it brings.
import { fileURLToPath } from 'node:url';
import { installWorkspace } from './install-workspace.mjs';
import { runProgram } from './run-program.mjs';
import { runTests } from './run-tests.mjs';

const demo = fileURLToPath(new URL('../../examples/jobd/src/demo.ts', import.meta.url));
const bench = fileURLToPath(new URL('../../benchmarks/src/main.ts', import.meta.url));
const tests = fileURLToPath(new URL('../../vitest.config.ts', import.meta.url));
const longTests = fileURLToPath(new URL('../../vitest.soak.config.ts', import.meta.url));

const commands = {
  demo: (env, args) => runProgram('node', [demo, ...args], env),
  test: (env, args) => runTests(env, ['--config', tests, ...args]),
  'test:soak': (env, args) => runTests(env, ['--config', longTests, ...args]),
  bench: (env, args) => runProgram('node', [bench, ...args], env),
};

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  console.error(`usage: node tooling/bootstrap/run.mjs ${Object.keys(commands).join('|')} [arguments]`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await command(await installWorkspace(), args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    // Nothing was tested, and that is no success.
    if (name.startsWith('test')) console.log('0 passed, 1 failed, 0 skipped');
    process.exitCode = 1;
  }
}
