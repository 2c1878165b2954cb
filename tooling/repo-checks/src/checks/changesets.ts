import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Check } from '../check-definition.ts';
import { runCommand } from '../run-command.ts';
import type { Repository, WorkspacePackage } from '../repository.ts';

const DIRECTORY = '.changeset';
const BUMPS = new Set(['major', 'minor', 'patch', 'none']);

interface Changeset {
  file: string;
  bumps: Map<string, string>;
  text: string;
}

/**
 * A package that changed since its last release has a changeset that says so. `changeset status` compares with a branch,
 * which on that branch itself sees nothing, and in a clone without it fails; this asks the history of each package.
 */
export const changesetsCheck: Check = {
  name: 'changesets',
  async run(repository) {
    if (!existsSync(join(repository.root, DIRECTORY, 'config.json'))) {
      return { problems: [`${DIRECTORY}/config.json: missing`] };
    }
    const packages = repository.packages();
    const changesets = readChangesets(repository.root);
    const problems = changesets.flatMap((changeset) => changesetProblems(changeset, packages));
    const announced = new Set(changesets.flatMap(({ bumps }) => [...bumps.keys()]));
    const warnings: string[] = [];
    for (const workspacePackage of packages) {
      const { directory, directoryName, manifest } = workspacePackage;
      const neverReleased = manifest.version === '0.0.0';
      if (!neverReleased && !existsSync(join(directory, 'CHANGELOG.md'))) {
        problems.push(`packages/${directoryName}: is at ${manifest.version ?? '?'} and has no CHANGELOG.md`);
      }
      if (announced.has(manifest.name)) continue;
      const changed = neverReleased ? 'was never released' : await changedSinceRelease(repository, workspacePackage);
      if (changed === undefined) warnings.push(`packages/${directoryName}: no history here that tells what changed`);
      else if (changed !== '')
        problems.push(`packages/${directoryName}: ${changed}, and no changeset names ${manifest.name}`);
    }
    return { problems, warnings };
  },
};

function readChangesets(root: string): Changeset[] {
  return readdirSync(join(root, DIRECTORY))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => {
      const source = readFileSync(join(root, DIRECTORY, file), 'utf8');
      const [, frontMatter = '', text = ''] = /^---\n([\s\S]*?)\n?---\n([\s\S]*)$/.exec(source) ?? [];
      const lines = frontMatter.split('\n').filter((line) => line.trim() !== '');
      const bumps = lines.map((line): [string, string] => {
        const [, name = line, bump = ''] = /^['"]?([^'":]+)['"]?:\s*(\w+)\s*$/.exec(line) ?? [];
        return [name, bump];
      });
      return { file: `${DIRECTORY}/${file}`, bumps: new Map(bumps), text: text.trim() };
    });
}

function changesetProblems({ file, bumps, text }: Changeset, packages: WorkspacePackage[]): string[] {
  const problems: string[] = [];
  if (text === '') problems.push(`${file}: does not say what changed`);
  for (const [name, bump] of bumps) {
    if (!packages.some(({ manifest }) => manifest.name === name))
      problems.push(`${file}: there is no published package '${name}'`);
    else if (!BUMPS.has(bump))
      problems.push(`${file}: '${bump}' is no kind of release; write ${[...BUMPS].join(', ')}`);
  }
  return problems;
}

/** What tells of a change since the commit that set the version; empty when there is none, undefined when unknown. */
async function changedSinceRelease(
  repository: Repository,
  { directoryName }: WorkspacePackage,
): Promise<string | undefined> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    const result = await runCommand('git', args, { cwd: repository.root });
    return result.code === 0 ? result.stdout.trim() : undefined;
  };
  if ((await git('rev-parse', '--is-shallow-repository')) !== 'false') return undefined;
  const at = `packages/${directoryName}`;
  const release = await git('log', '-1', '--format=%H', '-G"version":', '--', `${at}/package.json`);
  if (release === undefined || release === '') return undefined;
  const changed = await git('diff', '--name-only', release, '--', `${at}/src`, `${at}/package.json`);
  if (changed === undefined) return undefined;
  return changed === '' ? '' : `changed since its release (${changed.split('\n').join(', ')})`;
}
