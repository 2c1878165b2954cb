import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path/posix';

import type { Check } from '../check-definition.ts';
import { layerTableFile, readLayerTable, type LayerTable } from '../layer-table.ts';
import { parseModule, type ModuleFacts } from '../parse-module.ts';
import { filesUnder, readManifest, type Repository, type WorkspacePackage } from '../repository.ts';

const BACKEND_FILE = 'src/select-backend.ts';
/** koffi's one importer. */
const NATIVE_PACKAGE = 'native-ffi';
/** Used by the build and the type checker through configuration files, never by an import that could be seen. */
const CONFIGURATION_PACKAGES = new Set(['@osx/build-config']);

interface SourceFile {
  /** Relative to the package. */
  path: string;
  facts: ModuleFacts;
}

/** Who may import whom (design.md, section 2), and what source files may not contain. */
export const layersCheck: Check = {
  name: 'layers',
  async run(repository) {
    const table = readLayerTable(repository.root);
    const packages = repository.packages();
    const problems = tableProblems(table, packages);
    const rootDependencies = dependencyNames(repository);
    const edges = new Map<string, Set<string>>();
    for (const workspacePackage of packages) {
      const files = sourceFiles(workspacePackage);
      const sources = files.filter(({ path }) => path.startsWith('src/'));
      for (const file of files) problems.push(...fileProblems(workspacePackage, file));
      for (const file of sources) problems.push(...importProblems(workspacePackage, file, packages, table));
      problems.push(...dependencyProblems(workspacePackage, files, packages, table, rootDependencies));
      edges.set(workspacePackage.directoryName, importedPackages(sources, packages));
    }
    for (const cycle of cycles(edges)) problems.push(`packages/: the packages import each other in a circle: ${cycle}`);
    problems.push(...(await relativeImportProblemsElsewhere(repository)));
    return { problems };
  },
};

function tableProblems(table: LayerTable, packages: WorkspacePackage[]): string[] {
  const problems: string[] = [];
  const present = new Set(packages.map(({ directoryName }) => directoryName));
  for (const { directoryName } of packages) {
    const layer = table.packages[directoryName];
    if (layer === undefined) {
      problems.push(`packages/${directoryName}: stands on no layer; add it to ${layerTableFile}`);
    } else if (!table.layers.includes(layer)) {
      problems.push(
        `${layerTableFile}: '${layer}', the layer of ${directoryName}, is not one of: ${table.layers.join(', ')}`,
      );
    }
  }
  for (const name of Object.keys(table.packages)) {
    if (!present.has(name)) problems.push(`${layerTableFile}: there is no package '${name}'`);
  }
  return problems;
}

function sourceFiles(workspacePackage: WorkspacePackage): SourceFile[] {
  return filesUnder(workspacePackage.directory)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const file = join(workspacePackage.directory, path);
      return { path, facts: parseModule(file, readFileSync(file, 'utf8')) };
    });
}

function fileProblems({ directoryName }: WorkspacePackage, { path, facts }: SourceFile): string[] {
  const at = (line: number): string => `packages/${directoryName}/${path}:${line}`;
  const problems = facts.syntaxErrors.map((message) => `${at(1)}: ${message}`);
  for (const { specifier, line } of facts.imports) {
    const fault = relativeImportFault(specifier, /\.(ts|json)$/);
    if (fault !== undefined) problems.push(`${at(line)}: ${fault}`);
    else if (specifier.startsWith('.') && leaves(path, specifier)) {
      problems.push(`${at(line)}: '${specifier}' reaches out of ${path.startsWith('src/') ? 'src' : 'the package'}`);
    }
  }
  if (!path.startsWith('src/')) return problems;
  for (const line of facts.usingLines) {
    problems.push(`${at(line)}: 'using' in src costs 1.8 kB of helper code per built file; use try/finally`);
  }
  for (const line of facts.topLevelAwaitLines) {
    problems.push(`${at(line)}: top-level await makes require() of the package fail`);
  }
  return problems;
}

function relativeImportFault(specifier: string, allowed: RegExp): string | undefined {
  if (specifier.startsWith('.')) {
    return allowed.test(specifier) ? undefined : `relative import '${specifier}' must end in .ts`;
  }
  return builtinModules.includes(specifier) ? `'${specifier}' must be written 'node:${specifier}'` : undefined;
}

function leaves(path: string, specifier: string): boolean {
  const target = normalize(join(dirname(path), specifier));
  return path.startsWith('src/') ? !target.startsWith('src/') : target.startsWith('../');
}

function importProblems(
  workspacePackage: WorkspacePackage,
  { path, facts }: SourceFile,
  packages: WorkspacePackage[],
  table: LayerTable,
): string[] {
  const { directoryName } = workspacePackage;
  const problems: string[] = [];
  const rank = (name: string): number => table.layers.indexOf(table.packages[name] ?? '');
  for (const { specifier, line, kind } of facts.imports) {
    const at = `packages/${directoryName}/${path}:${line}`;
    const name = packageNameOf(specifier);
    if (name === undefined) continue;
    if (name === 'koffi' && directoryName !== NATIVE_PACKAGE) {
      problems.push(`${at}: only ${NATIVE_PACKAGE} may import koffi`);
    }
    const target = packages.find(({ manifest }) => manifest.name === name);
    if (target === undefined) {
      if (name.startsWith('@osx/'))
        problems.push(`${at}: src cannot import '${name}', which is not a published package`);
      continue;
    }
    if (target.directoryName === directoryName) {
      problems.push(`${at}: a package imports its own files by relative path, not as '${specifier}'`);
      continue;
    }
    if (rank(target.directoryName) > rank(directoryName)) {
      const [from, to] = [table.packages[directoryName], table.packages[target.directoryName]];
      problems.push(
        `${at}: ${directoryName} (${from}) may not import ${target.directoryName} (${to}): imports go down only`,
      );
    }
    if (!exportsSubpath(target, specifier)) problems.push(`${at}: '${specifier}' is not an export of ${name}`);
    const platformBranch =
      table.packages[target.directoryName] === 'platform' && table.packages[directoryName] !== 'platform';
    if (platformBranch && path !== BACKEND_FILE) {
      problems.push(`${at}: a portable package reaches ${name} only from ${BACKEND_FILE}`);
    } else if (platformBranch && kind !== 'require' && kind !== 'type') {
      problems.push(`${at}: ${name} may be absent: load it with createRequire(import.meta.url) at first use`);
    }
  }
  return problems;
}

function exportsSubpath(target: WorkspacePackage, specifier: string): boolean {
  const subpath = `.${specifier.slice(target.manifest.name.length)}`;
  return Object.hasOwn(target.manifest.exports ?? {}, subpath);
}

/** `@scope/name` or `name` of a bare specifier; nothing for relative paths and Node's own modules. */
function packageNameOf(specifier: string): string | undefined {
  if (/^(\.|\/|node:|[a-z]+:)/.test(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Packages of the workspace that these files reach; in select-backend.ts also by a name kept in a string. */
function importedNames(files: SourceFile[], packages: WorkspacePackage[]): Set<string> {
  const names = new Set<string>();
  for (const { path, facts } of files) {
    for (const { specifier } of facts.imports) {
      const name = packageNameOf(specifier);
      if (name !== undefined) names.add(name);
    }
    if (path !== BACKEND_FILE) continue;
    for (const { value } of facts.strings) {
      if (packages.some((one) => exportsSubpath(one, value) && value.startsWith(one.manifest.name))) {
        names.add(packageNameOf(value) as string);
      }
    }
  }
  return names;
}

function importedPackages(sources: SourceFile[], packages: WorkspacePackage[]): Set<string> {
  const names = importedNames(sources, packages);
  return new Set(packages.filter(({ manifest }) => names.has(manifest.name)).map((one) => one.directoryName));
}

function dependencyProblems(
  workspacePackage: WorkspacePackage,
  files: SourceFile[],
  packages: WorkspacePackage[],
  table: LayerTable,
  rootDependencies: Set<string>,
): string[] {
  const { directoryName, manifest } = workspacePackage;
  const at = `packages/${directoryName}/package.json`;
  const problems: string[] = [];
  const shipped = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const optional = new Set(Object.keys(manifest.optionalDependencies ?? {}));
  const development = new Set(Object.keys(manifest.devDependencies ?? {}));
  const inSource = importedNames(
    files.filter(({ path }) => path.startsWith('src/')),
    packages,
  );
  const elsewhere = importedNames(
    files.filter(({ path }) => !path.startsWith('src/')),
    packages,
  );

  for (const name of inSource) {
    if (!shipped.has(name) && !optional.has(name))
      problems.push(`${at}: src imports ${name}, which is not a dependency`);
  }
  for (const name of [...shipped, ...optional]) {
    if (!inSource.has(name)) problems.push(`${at}: dependency ${name} is imported nowhere in src`);
  }
  for (const { directoryName: target, manifest: its } of packages) {
    const isPlatform = table.packages[target] === 'platform' && table.packages[directoryName] !== 'platform';
    if (isPlatform && shipped.has(its.name)) problems.push(`${at}: ${its.name} must be an optionalDependency`);
    const rank = (name: string): number => table.layers.indexOf(table.packages[name] ?? '');
    if (development.has(its.name) && rank(target) > rank(directoryName)) {
      problems.push(`${at}: devDependency ${its.name} is of a higher layer; put that test there`);
    }
  }
  for (const name of elsewhere) {
    const known = [shipped, optional, development, rootDependencies].some((names) => names.has(name));
    if (!known && name !== manifest.name) problems.push(`${at}: tests import ${name}, which is not a devDependency`);
  }
  for (const name of development) {
    if (!elsewhere.has(name) && !CONFIGURATION_PACKAGES.has(name)) {
      problems.push(`${at}: devDependency ${name} is imported nowhere`);
    }
  }
  return problems;
}

function dependencyNames({ root }: Repository): Set<string> {
  const { dependencies, devDependencies } = readManifest(root);
  return new Set(Object.keys({ ...dependencies, ...devDependencies }));
}

/** Each circle once, as `a -> b -> a`. */
function cycles(edges: Map<string, Set<string>>): string[] {
  const found = new Map<string, string>();
  const visit = (name: string, trail: string[]): void => {
    const start = trail.indexOf(name);
    if (start !== -1) {
      const circle = trail.slice(start);
      const key = [...circle].sort().join(' ');
      if (!found.has(key)) found.set(key, [...circle, name].join(' -> '));
      return;
    }
    for (const target of edges.get(name) ?? []) visit(target, [...trail, name]);
  };
  for (const name of edges.keys()) visit(name, []);
  return [...found.values()];
}

/** Tools, examples and benchmarks are run by the same type stripping, which resolves no extension. */
async function relativeImportProblemsElsewhere(repository: Repository): Promise<string[]> {
  const problems: string[] = [];
  for (const path of await repository.trackedFiles()) {
    if (!path.endsWith('.ts') || path.startsWith('packages/')) continue;
    const { imports } = parseModule(path, readFileSync(join(repository.root, path), 'utf8'));
    for (const { specifier, line } of imports) {
      // What starts the tools runs on a Node that strips no types, and is .mjs for that.
      const fault = relativeImportFault(specifier, /\.(ts|mjs|json)$/);
      if (fault !== undefined) problems.push(`${path}:${line}: ${fault}`);
      if (packageNameOf(specifier) === 'koffi' && path.startsWith('examples/')) {
        problems.push(`${path}:${line}: only ${NATIVE_PACKAGE} may import koffi`);
      }
    }
  }
  return problems;
}
