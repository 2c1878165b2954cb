import {
  booleanType,
  booleanVar,
  defineVariables,
  durationVar,
  enumVar,
  integerType,
  integerVar,
  isEnvironError,
  listVar,
  numberVar,
  readVariables,
  stringVar,
  urlVar,
} from '@osx/environ';
import { bool, cleanEnv, makeValidator, num, port, str, url } from 'envalid';
import { z } from 'zod';
import { measureInterleaved, syncContender } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import { ratioGoal, rowOf } from '../report.ts';
import type { FactTable, Table } from '../report.ts';

/** What a program's own variables cost to read, beside envalid and zod; and what each makes of misspelt ones. */
export async function* environ(effort: Effort): AsyncGenerator<Table | FactTable> {
  yield await readings('Read 12 variables that are right', right, effort, ({ ours, zod }) => [
    syncContender('defineVariables, then read', () => ours.read()),
    syncContender('readVariables', () => readVariables(shape())),
    syncContender('envalid, then cleanEnv', cleaned),
    syncContender('zod, then parse', () => zod.parse(process.env)),
    syncContender('zod', () => zodObject().parse(process.env)),
  ]);
  yield await readings('Report 12 variables of which 6 are wrong', wrong, effort, ({ ours, zod }) => [
    syncContender('defineVariables, then read', () => mustFail(() => ours.read())),
    syncContender('readVariables', () => mustFail(() => readVariables(shape()))),
    syncContender('envalid, then cleanEnv', () => mustFail(cleaned)),
    syncContender('zod, then parse', () => mustFail(() => zod.parse(process.env))),
    syncContender('zod', () => mustFail(() => zodObject().parse(process.env))),
  ]);
  yield spellings();
}

const right: Readonly<Record<string, string>> = {
  BENCH_HOST: 'db.example.org',
  BENCH_PORT: '5432',
  BENCH_WORKERS: '8',
  BENCH_RATIO: '0.25',
  BENCH_DEBUG: 'false',
  BENCH_VERBOSE: 'true',
  BENCH_LEVEL: 'info',
  BENCH_BASE: 'https://example.org/api',
  BENCH_PEERS: 'a,b,c',
  BENCH_TIMEOUT: '1500ms',
  BENCH_TOKEN: 'ghp_0123456789',
};

const wrong: Readonly<Record<string, string>> = {
  ...right,
  BENCH_PORT: 'postgres',
  BENCH_WORKERS: 'many',
  BENCH_DEBUG: 'maybe',
  BENCH_LEVEL: 'trace',
  BENCH_BASE: 'example',
  BENCH_RATIO: 'half',
};

function shape() {
  return {
    host: stringVar('BENCH_HOST'),
    port: integerVar('BENCH_PORT', { min: 1, max: 65_535 }),
    workers: integerVar('BENCH_WORKERS', { min: 1 }),
    ratio: numberVar('BENCH_RATIO'),
    debug: booleanVar('BENCH_DEBUG'),
    verbose: booleanVar('BENCH_VERBOSE', { default: false }),
    level: enumVar('BENCH_LEVEL', ['debug', 'info', 'warn', 'error']),
    base: urlVar('BENCH_BASE', { protocols: ['https'] }),
    peers: listVar('BENCH_PEERS'),
    timeout: durationVar('BENCH_TIMEOUT'),
    token: stringVar('BENCH_TOKEN', { secret: true }),
    cache: stringVar('BENCH_CACHE', { default: '/var/cache' }),
  };
}

const commaList = makeValidator((text) => text.split(','));

const specs = {
  BENCH_HOST: str(),
  BENCH_PORT: port(),
  BENCH_WORKERS: num(),
  BENCH_RATIO: num(),
  BENCH_DEBUG: bool(),
  BENCH_VERBOSE: bool({ default: false }),
  BENCH_LEVEL: str({ choices: ['debug', 'info', 'warn', 'error'] }),
  BENCH_BASE: url(),
  BENCH_PEERS: commaList(),
  BENCH_TIMEOUT: str(),
  BENCH_TOKEN: str(),
  BENCH_CACHE: str({ default: '/var/cache' }),
};

function cleaned(): object {
  return cleanEnv(process.env, specs, { reporter: failing });
}

/** Its own prints, and ends the process. */
function failing({ errors }: { errors: object }): void {
  const names = Object.keys(errors);
  if (names.length > 0) throw new Error(names.join());
}

function zodObject() {
  return z.object({
    BENCH_HOST: z.string(),
    BENCH_PORT: z.coerce.number().int().min(1).max(65_535),
    BENCH_WORKERS: z.coerce.number().int().min(1),
    BENCH_RATIO: z.coerce.number(),
    BENCH_DEBUG: z.stringbool(),
    BENCH_VERBOSE: z.stringbool().default(false),
    BENCH_LEVEL: z.enum(['debug', 'info', 'warn', 'error']),
    BENCH_BASE: z.url({ protocol: /^https$/ }),
    BENCH_PEERS: z.string().transform((text) => text.split(',')),
    BENCH_TIMEOUT: z.string(),
    BENCH_TOKEN: z.string(),
    BENCH_CACHE: z.string().default('/var/cache'),
  });
}

interface Prepared {
  readonly ours: ReturnType<typeof defineVariables<ReturnType<typeof shape>>>;
  readonly zod: ReturnType<typeof zodObject>;
}

/** All read `process.env`, as programs do: each look at it is a call into Node. */
async function readings(
  title: string,
  variables: Readonly<Record<string, string>>,
  effort: Effort,
  contenders: (prepared: Prepared) => Contender[],
): Promise<Table> {
  Object.assign(process.env, variables);
  try {
    const prepared = { ours: defineVariables(shape()), zod: zodObject() };
    const measured = await measureInterleaved(contenders(prepared), effort);
    const rows = measured.map(({ name, figures }) => {
      return rowOf(
        name,
        figures,
        'µs',
        name === 'readVariables' || name === 'zod' ? { note: 'defines them each time' } : {},
      );
    });
    return {
      suite: 'environ',
      title,
      unit: 'µs',
      reference: 'defineVariables, then read',
      rows,
      goals: [
        ...ratioGoal(rows, 'defineVariables, then read', 'envalid, then cleanEnv', 1),
        ...ratioGoal(rows, 'defineVariables, then read', 'zod, then parse', 1),
        ...ratioGoal(rows, 'readVariables', 'zod', 1),
      ],
    };
  } finally {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  }
}

function mustFail(read: () => unknown): void {
  try {
    read();
  } catch {
    return;
  }
  throw new Error('it took what is wrong');
}

/** Texts that nobody wrote on purpose, for a number of workers and for a switch. */
const misspelt = {
  integer: ['', ' ', '0x10', '1e3', '08', '+5', ' 5', '5\n', '1_000', '٣', '9007199254740993', '5.0'],
  boolean: ['', ' true', 'ture', 'y', 'enable', '2', 'null', 'False '],
};

function spellings(): FactTable {
  const readers: Readonly<Record<string, Readonly<Record<keyof typeof misspelt, (text: string) => unknown>>>> = {
    '@osx/environ': {
      integer: (text) => readVariables({ A: integerType() }, { environ: { A: text } }).A,
      boolean: (text) => readVariables({ A: booleanType() }, { environ: { A: text } }).A,
    },
    envalid: {
      integer: (text) => cleanEnv({ A: text }, { A: num() }, { reporter: failing }).A,
      boolean: (text) => cleanEnv({ A: text }, { A: bool() }, { reporter: failing }).A,
    },
    zod: {
      integer: (text) => z.object({ A: z.coerce.number().int() }).parse({ A: text }).A,
      boolean: (text) => z.object({ A: z.stringbool() }).parse({ A: text }).A,
    },
    'Number(), Boolean()': { integer: refusingNaN, boolean: Boolean },
  };
  const facts = Object.entries(readers).map(([name, reader]) => [
    name,
    taken(reader.integer, 'integer'),
    taken(reader.boolean, 'boolean'),
  ]);
  const ours = facts[0]?.slice(1).every((cell) => cell.startsWith('0 ')) === true;
  return {
    suite: 'environ',
    title: 'Misspelt variables that are taken for something',
    columns: ['', 'integers', 'switches'],
    facts,
    goals: [{ wanted: '@osx/environ takes none', got: ours ? 'none' : 'some', met: ours }],
  };
}

function refusingNaN(text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error('NaN');
  return value;
}

function taken(read: (text: string) => unknown, kind: keyof typeof misspelt): string {
  const examples = misspelt[kind].flatMap((text) => {
    try {
      return [`${JSON.stringify(text)} as ${String(read(text))}`];
    } catch (error) {
      if (error instanceof TypeError && !isEnvironError(error)) throw error;
      return [];
    }
  });
  return `${examples.length} of ${misspelt[kind].length}${examples.length === 0 ? '' : `: ${examples.slice(0, 3).join(', ')}`}`;
}
