// Usage: node commonjs.cjs ENTRY_POINT ...
const assert = require('node:assert/strict');

const atomics = require('@osx/atomics');
const fcntl = require('@osx/fcntl');
const inotify = require('@osx/linux/inotify');

for (const entryPoint of process.argv.slice(2)) assert.notEqual(Object.keys(require(entryPoint)).length, 0, entryPoint);
import('./scenario.mjs')
  .then(({ runScenario }) => runScenario({ atomics, fcntl, inotify }))
  .then(() => console.log('ok'));
