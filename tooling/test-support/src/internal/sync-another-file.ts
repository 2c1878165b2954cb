/** The side process of a power cut: writes and syncs a file of its own until it is killed. Usage: FILE INTERVAL_MS */
import { fsyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const [path, intervalMs] = process.argv.slice(2) as [string, string];
const fd = openSync(path, 'w');
const block = Buffer.alloc(512, 'x');
for (let count = 0; ; count += 1) {
  try {
    writeSync(fd, block, 0, block.length, 0);
    fsyncSync(fd);
  } catch {
    // The power is cut; the end comes as SIGKILL.
  }
  if (count === 0) console.log('ready');
  await delay(Number(intervalMs));
}
