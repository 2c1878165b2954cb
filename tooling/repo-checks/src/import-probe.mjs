// Imports one package in a fresh process and prints what that did, as JSON. Plain JavaScript: it must run beside the
// packages, on any Node. Usage: node import-probe.mjs SPECIFIER PACKAGES_DIRECTORY, in a project that has the package.
import { createRequire, registerHooks, syncBuiltinESMExports } from 'node:module';
import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [specifier, packagesDirectory] = process.argv.slice(2);
const faults = [];
const loaded = [];

registerHooks({
  resolve(name, context, next) {
    loaded.push(name);
    return next(name, context);
  },
});

// Node itself reads the modules. Only a call that has one of the packages on its stack is the package's own doing.
function watch(owner, ownerName) {
  for (const name of Object.keys(owner)) {
    const original = owner[name];
    if (typeof original !== 'function' || /^[A-Z_]/.test(name)) continue;
    owner[name] = function (...args) {
      const { stack = '' } = new Error('who calls');
      if (stack.includes(packagesDirectory)) faults.push(`calls ${ownerName}.${name}(${String(args[0]).slice(0, 80)})`);
      return Reflect.apply(original, this, args);
    };
  }
}
watch(fs, 'fs');
const { dlopen } = process;
process.dlopen = function (module, file, ...rest) {
  faults.push(`loads the native library ${file}`);
  return Reflect.apply(dlopen, this, [module, file, ...rest]);
};
syncBuiltinESMExports();

const globals = new Set(Reflect.ownKeys(globalThis));
const listeners = process.eventNames().length;
const resources = process.getActiveResourcesInfo().length;
const require = createRequire(pathToFileURL(join(process.cwd(), 'package.json')));
const builtins = new Set(process.moduleLoadList);
const before = process.cpuUsage();
require(specifier);
const { user, system } = process.cpuUsage(before);
const milliseconds = (user + system) / 1000;

// Each costs a millisecond of the program's start: it is asked for where it is used, by process.getBuiltinModule.
for (const entry of process.moduleLoadList) {
  const name = /^NativeModule (?!internal\/)(.*)$/.exec(entry)?.[1];
  if (name !== undefined && !builtins.has(entry)) faults.push(`loads node:${name}`);
}
if (loaded.some((name) => /^koffi$|node:ffi/.test(name))) faults.push('loads koffi');
for (const name of Reflect.ownKeys(globalThis)) if (!globals.has(name)) faults.push(`sets globalThis.${String(name)}`);
if (process.eventNames().length !== listeners) faults.push('listens to an event of the process');
if (process.getActiveResourcesInfo().length !== resources) faults.push('keeps the event loop busy');
process.stdout.write(JSON.stringify({ faults: [...new Set(faults)], milliseconds }));
