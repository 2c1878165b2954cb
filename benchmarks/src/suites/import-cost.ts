import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildPackages } from '../built-packages.ts';
import { rowOf } from '../report.ts';
import type { Goal, Row, Table } from '../report.ts';

const run = promisify(execFile);
const nothing = 'importing nothing';

/** What importing a package adds to the start of Node, and whether that loads koffi. */
export async function importCost(scratch: string, rounds: number): Promise<Table> {
  const { directory, ours, peers } = buildPackages(join(scratch, 'import-cost'));
  const specifiers = [nothing, ...ours, ...peers];
  const entrants = specifiers.map((name) => ({ name, program: writeProgram(directory, name), added: [] as number[] }));
  const loading = new Set<string>();
  // The first start of each warms the page cache, and tells what is loaded.
  for (const { name, program } of entrants) if ((await start(program, 'libraries')) === 'koffi') loading.add(name);
  for (let round = 0; round < rounds; round += 1) {
    for (const { program, added } of entrants) added.push(Number(await start(program)) * 1e6);
  }
  const rows = entrants.map(({ name, added }) => {
    return rowOf(name, added, 'ms', loading.has(name) ? { note: 'loads koffi' } : {});
  });
  return {
    suite: 'import',
    title: 'What an import adds to the start of Node (the first row: the start itself)',
    unit: 'ms',
    reference: nothing,
    rows,
    goals: goals(rows, ours, loading),
  };
}

function writeProgram(directory: string, specifier: string): string {
  mkdirSync(directory, { recursive: true });
  const program = join(directory, `${specifier.replaceAll(/\W+/g, '-')}.mjs`);
  const empty = join(directory, 'empty.mjs');
  writeFileSync(empty, '');
  // The loader has done its first import already: what it costs is Node's own matter.
  writeFileSync(
    program,
    `import './empty.mjs';
const started = performance.now();
${specifier === nothing ? '' : `await import(${JSON.stringify(specifier)});`}
const milliseconds = performance.now();
if (process.argv[2] === 'libraries') {
  process.report.excludeNetwork = true;
  console.log(process.report.getReport().sharedObjects.some((path) => path.includes('koffi')) ? 'koffi' : '');
} else console.log(${specifier === nothing ? 'started' : 'milliseconds - started'});
`,
  );
  return program;
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
