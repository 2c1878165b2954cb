// `npm run demo`, `npm test`, `npm run test:soak` and `npm run bench` start here, on whatever Node (20 or newer) the
// machine has and with nothing installed. Everything after the installation runs on the Node 24 that it brings.
import { installWorkspace } from './install-workspace.mjs';
import { runProgram } from './run-program.mjs';
import { runTests } from './run-tests.mjs';

const commands = {
  demo: (env, args) => runProgram('node', ['examples/ledger/src/demo.ts', ...args], env),
  test: (env, args) => runTests(env, ['--config', 'vitest.config.ts', ...args]),
  'test:soak': (env, args) => runTests(env, ['--config', 'vitest.soak.config.ts', ...args]),
  bench: (env, args) => runProgram('node', ['benchmarks/src/main.ts', ...args], env),
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
