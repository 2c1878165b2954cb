// After `npm install --omit=optional`: files are written as ever, and what needs the native parts says how to get them.
// Usage: node without-optional.mjs ENTRY_POINT ...
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeFileAtomic, writeFileAtomicSync } from '@osx/atomics';
import { isSystemError } from '@osx/errors';
import { lockFile, tryLockFile } from '@osx/fcntl';

for (const absent of ['@osx/linux', '@koromix']) {
  assert.equal(
    existsSync(join(import.meta.dirname, 'node_modules', absent)),
    false,
    `${absent} was installed: nothing is proved`,
  );
}
for (const entryPoint of process.argv.slice(2))
  assert.notEqual(Object.keys(await import(entryPoint)).length, 0, entryPoint);

function saysTheCure(error) {
  assert.equal(isSystemError(error), true, String(error));
  assert.match(error.code, /^E/);
  assert.match(error.message, /--omit=optional/);
  return true;
}

const directory = mkdtempSync(join(tmpdir(), 'osx-smoke-'));
try {
  const file = join(directory, 'settings.json');
  for (const durability of ['none', 'file', 'full']) {
    await writeFileAtomic(file, `async ${durability}`, { durability });
    assert.equal(readFileSync(file, 'utf8'), `async ${durability}`);
    writeFileAtomicSync(file, `sync ${durability}`, { durability });
    assert.equal(readFileSync(file, 'utf8'), `sync ${durability}`);
  }
  await assert.rejects(lockFile(join(directory, 'lock')), saysTheCure);
  assert.throws(() => tryLockFile(join(directory, 'lock')), saysTheCure);
} finally {
  rmSync(directory, { recursive: true });
}
console.log('ok');
