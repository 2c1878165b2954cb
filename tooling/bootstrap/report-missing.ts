// Says before a test run what this machine lacks, how to get it, and which test files will skip tests for it. Runs in
// the root of the repository.
import { globSync, readFileSync } from 'node:fs';
import { capabilities, whyMissing } from '../test-support/src/capabilities.ts';

const users = new Map<string, string[]>();
for (const file of globSync('{packages,tooling,examples}/*/test/**/*.test.ts')) {
  const source = readFileSync(file, 'utf8');
  const named = [...source.matchAll(/\bneeds\(([^)]*)\)/g)].flatMap(([, names = '']) => names.match(/[\w-]+/g) ?? []);
  for (const name of new Set(named)) users.set(name, [...(users.get(name) ?? []), file]);
}

for (const capability of capabilities) {
  const files = users.get(capability);
  const reason = files === undefined ? undefined : whyMissing(capability);
  if (files === undefined || reason === undefined) continue;
  console.log(`missing: ${capability}: ${reason.replaceAll(/\s*\n\s*/g, '; ')}`);
  for (const file of files) console.log(`  skips tests of ${file}`);
}
