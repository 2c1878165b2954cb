import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtProject, importsOf } from '../built-packages.ts';
import { rowOf } from '../report.ts';
import type { Goal, Row, Table } from '../report.ts';

const run = promisify(execFile);
const nothing = 'importing nothing';

/** What importing a package adds to the start of Node, and whether that loads koffi; then how much of it is its own. */
export async function* importCost(scratch: string, rounds: number): AsyncGenerator<Table> {
  const project = builtProject(scratch);
  const { directory, ours } = project;
  writeFileSync(join(directory, 'empty.mjs'), '');

  const whole = [nothing, ...ours, ...project.peers].map((name) => {
    return entrant(name, directory, { preloaded: [], imported: name === nothing ? undefined : name });
  });
  const loading = new Set<string>();
  // The first start of each warms the page cache, and tells what is loaded.
  for (const { name, program } of whole) if ((await start(program, 'libraries')) === 'koffi') loading.add(name);
  const wholeRows = await rowsOf(whole, rounds, (name) => (loading.has(name) ? { note: 'loads koffi' } : {}));
  yield {
    suite: 'import',
    title: 'What an import adds to the start of Node (the first row: the start itself)',
    unit: 'ms',
    reference: nothing,
    rows: wholeRows,
    // A preload is imported for what it does.
    goals: goals(
      wholeRows,
      ours.filter((name) => !name.endsWith('/register')),
      loading,
    ),
  };

  const own = ours.map((name) => {
    return entrant(name, directory, { preloaded: importsOf(project, name), imported: name }, 'own-');
  });
  yield {
    suite: 'import',
    title: 'The part that is its own: its dependencies and the modules of Node that it names are there already',
    unit: 'ms',
    reference: '@osx/errors',
    rows: await rowsOf(own, rounds, () => ({})),
    goals: [],
  };
}

interface Entrant {
  readonly name: string;
  readonly program: string;
  readonly added: number[];
}

interface Imports {
  readonly preloaded: readonly string[];
  readonly imported: string | undefined;
}

async function rowsOf(
  entrants: readonly Entrant[],
  rounds: number,
  extra: (name: string) => { note?: string },
): Promise<Row[]> {
  for (let round = 0; round < rounds; round += 1) {
    for (const { program, added } of entrants) added.push(Number(await start(program)) * 1e6);
  }
  return entrants.map(({ name, added }) => rowOf(name, added, 'ms', extra(name)));
}

/** Writes the program that does one import. The loader has done another before: what that costs is Node's own matter. */
function entrant(name: string, directory: string, { preloaded, imported }: Imports, prefix = ''): Entrant {
  const program = join(directory, `${prefix}${name.replaceAll(/\W+/g, '-')}.mjs`);
  const lines = [
    ...['./empty.mjs', ...preloaded].map((specifier) => `import ${JSON.stringify(specifier)};`),
    'const started = performance.now();',
    imported === undefined ? '' : `await import(${JSON.stringify(imported)});`,
    'const milliseconds = performance.now();',
    "if (process.argv[2] === 'libraries') {",
    '  process.report.excludeNetwork = true;',
    "  const loaded = process.report.getReport().sharedObjects.some((path) => path.includes('koffi'));",
    "  console.log(loaded ? 'koffi' : '');",
    `} else console.log(${imported === undefined ? 'started' : 'milliseconds - started'});`,
  ];
  writeFileSync(program, `${lines.join('\n')}\n`);
  return { name, program, added: [] };
}

async function start(program: string, ...args: string[]): Promise<string> {
  return (await run(process.execPath, [program, ...args])).stdout.trim();
}

/** What issue 2 wants: at most 3 ms each, and koffi not loaded. */
function goals(rows: readonly Row[], ours: readonly string[], loading: ReadonlySet<string>): Goal[] {
  const own = rows.filter(({ name }) => ours.includes(name));
  const slowest = own.reduce((worst, row) => (row.median > worst.median ? row : worst));
  const guilty = ours.filter((specifier) => loading.has(specifier));
  return [
    {
      wanted: 'no package adds more than 3 ms',
      got: `${slowest.median.toFixed(2)} ms (${slowest.name})`,
      met: slowest.median <= 3,
    },
    { wanted: 'no import loads koffi', got: guilty.join(', ') || 'none does', met: guilty.length === 0 },
  ];
}
