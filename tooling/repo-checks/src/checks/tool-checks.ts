import type { Check } from '../check-definition.ts';
import { describeFailure, runCommand } from '../run-command.ts';
import { toolEnvironment } from '../workspace-tools.ts';

/** Checks that are one run of a tool the workspace installs: it passes when the tool exits 0. */
function toolCheck(name: string, command: string, args: readonly string[]): Check {
  return {
    name,
    async run({ root }) {
      const result = await runCommand(command, args, { cwd: root, env: toolEnvironment() });
      return { problems: result.code === 0 ? [] : [describeFailure([command, ...args].join(' '), result)] };
    },
  };
}

export const typesCheck = toolCheck('types', 'tsc', ['--noEmit', '--pretty', 'false', '-p', 'tsconfig.json']);
export const formatCheck = toolCheck('format', 'oxfmt', ['--check', '.']);
export const lintCheck = toolCheck('lint', 'oxlint', ['--type-aware', '--deny-warnings', '--format=unix', '.']);
export const unusedCheck = toolCheck('knip', 'knip', ['--no-progress', '--no-config-hints']);
