import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compilePeerAddon } from './compile-peer-addon.ts';

const require = createRequire(import.meta.url);

/**
 * systemd-journald of npm, compiled into the directory: it needs libsystemd and its headers.
 *
 * @returns The path of its log.js, or `undefined` where it does not build.
 */
export function buildSystemdJournald(directory: string): string | undefined {
  const target = join(directory, 'systemd-journald');
  const source = dirname(require.resolve('systemd-journald/package.json'));
  const addon = join(target, 'build/Release/journal_send.node');
  mkdirSync(target, { recursive: true });
  copyFileSync(join(source, 'log.js'), join(target, 'log.js'));
  if (!compilePeerAddon(join(source, 'src/journal_send.cc'), addon, ['systemd'])) return undefined;
  return join(target, 'log.js');
}
