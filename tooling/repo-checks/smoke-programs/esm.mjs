// Usage: node esm.mjs ENTRY_POINT ...
import assert from 'node:assert/strict';

import * as atomics from '@osx/atomics';
import * as fcntl from '@osx/fcntl';
import * as inotify from '@osx/linux/inotify';

import { runPidfileCommand } from './pidfile-command.mjs';
import { runScenario } from './scenario.mjs';

for (const entryPoint of process.argv.slice(2))
  assert.notEqual(Object.keys(await import(entryPoint)).length, 0, entryPoint);
await runScenario({ atomics, fcntl, inotify });
runPidfileCommand();
console.log('ok');
