import { delimiter, join } from 'node:path';

/** The root of the workspace that these checks belong to, whatever tree they look at. */
export const workspaceRoot = join(import.meta.dirname, '..', '..', '..');

/** The environment of the tools that the workspace installs: their directory first on PATH, no colours, no telemetry. */
export function toolEnvironment(): Record<string, string> {
  const bin = join(workspaceRoot, 'node_modules', '.bin');
  return {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    TURBO_TELEMETRY_DISABLED: '1',
  };
}
