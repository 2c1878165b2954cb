import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Check } from '../check-definition.ts';
import { inParallel } from '../in-parallel.ts';
import type { Repository } from '../repository.ts';
import { runCommand } from '../run-command.ts';
import { removeScratchDirectory, scratchDirectory } from '../scratch-directory.ts';
import { docblockSnippets, readmeSnippets, type Snippet } from '../snippets.ts';
import { toolEnvironment, workspaceRoot } from '../workspace-tools.ts';

const DOCUMENTS = /^(README\.md|packages\/[^/]+\/README\.md|examples\/[^/]+\/README\.md|docs\/guides\/.*\.md)$/;
const SOURCES = /^packages\/[^/]+\/src\/.*\.ts$/;
const TIME_LIMIT_MS = 60_000;

/** Every documented example type-checks, runs to exit 0 without a warning, and prints what the page says it prints. */
export const readmeCheck: Check = {
  name: 'readme',
  async run(repository) {
    const snippets = await collect(repository);
    const directory = scratchDirectory('snippets');
    try {
      const files = layOut(repository, directory, snippets);
      const typeProblems = await typeCheck(directory, snippets);
      const problems = await inParallel(snippets, 2, (snippet, index) =>
        execute(snippet, files[index] as string, directory, index),
      );
      return { problems: [...typeProblems, ...problems.flat()] };
    } finally {
      removeScratchDirectory(directory);
    }
  },
};

async function collect(repository: Repository): Promise<Snippet[]> {
  const foreign = new Set(
    repository
      .packages()
      .filter(({ manifest }) => manifest.os !== undefined && !manifest.os.includes(process.platform))
      .map(({ directoryName }) => `packages/${directoryName}`),
  );
  const snippets: Snippet[] = [];
  for (const file of await repository.trackedFiles()) {
    if (foreign.has(file.split('/').slice(0, 2).join('/'))) continue;
    const read = (): string => readFileSync(join(repository.root, file), 'utf8');
    if (DOCUMENTS.test(file)) snippets.push(...readmeSnippets(file, read()));
    else if (SOURCES.test(file)) snippets.push(...docblockSnippets(file, read()));
  }
  return snippets;
}

/** A project outside the tree in which the packages of the workspace are installed by symbolic links. */
function layOut(repository: Repository, directory: string, snippets: Snippet[]): string[] {
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }\n');
  mkdirSync(join(directory, 'node_modules', '@types'), { recursive: true });
  mkdirSync(join(directory, 'node_modules', '@osx'));
  mkdirSync(join(directory, 'snippets'));
  symlinkSync(
    realpathSync(join(workspaceRoot, 'node_modules/@types/node')),
    join(directory, 'node_modules/@types/node'),
  );
  for (const { directory: target, directoryName, manifest } of repository.packages()) {
    symlinkSync(target, join(directory, 'node_modules', '@osx', directoryName));
    for (const name of Object.keys(manifest.devDependencies ?? {})) linkPeer(directory, target, name);
  }
  const compilerOptions = {
    noEmit: true,
    moduleDetection: 'force',
    noUnusedLocals: false,
    noUnusedParameters: false,
    typeRoots: ['./node_modules/@types'],
  };
  const base = join(workspaceRoot, 'tooling/build-config/tsconfig.base.json');
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ extends: base, compilerOptions, include: ['snippets'] }),
  );
  return snippets.map(({ code, line }, index) => {
    mkdirSync(join(directory, 'cwd', String(index)), { recursive: true });
    const file = join(directory, snippetPath(index));
    writeFileSync(file, '\n'.repeat(line - 1) + code);
    return file;
  });
}

/** What a package is tested with, an example may be of: the loggers of others. */
function linkPeer(directory: string, packageDirectory: string, name: string): void {
  const link = join(directory, 'node_modules', name);
  const installed = join(packageDirectory, 'node_modules', name);
  if (name.startsWith('@osx/') || existsSync(link) || !existsSync(installed)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(realpathSync(installed), link);
}

function snippetPath(index: number): string {
  return `snippets/${String(index)}.ts`;
}

async function typeCheck(directory: string, snippets: Snippet[]): Promise<string[]> {
  if (snippets.length === 0) return [];
  const result = await runCommand('tsc', ['--pretty', 'false', '-p', '.'], { cwd: directory, env: toolEnvironment() });
  const problems: string[] = [];
  // What is wrong in the packages themselves is the business of the check 'types'.
  for (const line of result.stdout.split('\n')) {
    const [, index, at, message] = /^snippets\/(\d+)\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? [];
    const snippet = snippets[Number(index)];
    if (snippet !== undefined) problems.push(`${snippet.file}:${at ?? ''}: ${message ?? ''}`);
  }
  if (result.code === null) problems.push(`tsc did not run: ${result.stderr}`);
  return problems;
}

async function execute(snippet: Snippet, file: string, directory: string, index: number): Promise<string[]> {
  const { stdout, stderr, code, timedOut } = await runCommand(process.execPath, [file], {
    cwd: join(directory, 'cwd', String(index)),
    env: {
      NODE_OPTIONS: undefined,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      NODE_NO_WARNINGS: undefined,
      // Every example loads the same packages; their types are stripped once.
      NODE_COMPILE_CACHE: join(directory, 'compile-cache'),
    },
    timeoutMs: TIME_LIMIT_MS,
  });
  const at = `${snippet.file}:${snippet.line}`;
  const said = indent((stdout + stderr).replaceAll(`file://${file}`, snippet.file).replaceAll(file, snippet.file));
  if (timedOut) return [`${at}: this example did not end within ${TIME_LIMIT_MS / 1000} s\n${said}`];
  if (code !== 0) return [`${at}: this example ended with exit ${String(code)}\n${said}`];
  if (/^\(node:\d+\).*Warning: /m.test(stderr)) return [`${at}: this example makes Node warn\n${said}`];
  if (snippet.expectedOutput !== undefined && stdout !== snippet.expectedOutput) {
    return [
      `${at}: the page shows other output than the example prints\nshown:\n${indent(snippet.expectedOutput)}\nprinted:\n${indent(stdout)}`,
    ];
  }
  return [];
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '  ');
}
