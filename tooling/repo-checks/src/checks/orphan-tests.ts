import { relative, sep } from 'node:path';

import type { Check } from '../check-definition.ts';
import { describeFailure, runCommand } from '../run-command.ts';
import type { Repository } from '../repository.ts';
import { toolEnvironment } from '../workspace-tools.ts';

/** Every test file is run by exactly one vitest configuration of the root; one that none includes never fails. */
export const orphanTestsCheck: Check = {
  name: 'orphan-tests',
  async run(repository) {
    const files = await repository.trackedFiles();
    const configurations = files.filter((file) => /^vitest(\.[a-z-]+)*\.config\.ts$/.test(file));
    if (configurations.length === 0) return { problems: ['there is no vitest.config.ts in the root'] };
    const includedBy = new Map<string, string[]>();
    for (const configuration of configurations) {
      const included = await includedFiles(repository, configuration);
      if (typeof included === 'string') return { problems: [included] };
      for (const file of included) includedBy.set(file, [...(includedBy.get(file) ?? []), configuration]);
    }
    const problems: string[] = [];
    for (const file of files.filter((path) => path.endsWith('.test.ts'))) {
      const by = includedBy.get(file) ?? [];
      if (by.length === 0) problems.push(`${file}: no vitest configuration includes this test`);
      if (by.length > 1) problems.push(`${file}: is run twice, by ${by.join(' and ')}`);
    }
    return { problems };
  },
};

async function includedFiles({ root }: Repository, configuration: string): Promise<string[] | string> {
  const args = ['list', '--filesOnly', '--json', '--root', root, '--config', configuration];
  const result = await runCommand('vitest', args, { cwd: root, env: toolEnvironment() });
  if (result.code !== 0) return describeFailure(`vitest ${args.join(' ')}`, result);
  const listing = JSON.parse(result.stdout) as { file: string }[];
  return [...new Set(listing.map(({ file }) => relative(root, file).split(sep).join('/')))];
}
