import { inspect } from 'node:util';
import {
  booleanVar,
  bytesVar,
  defineVariables,
  durationVar,
  enumVar,
  EnvironError,
  EnvVar,
  integerType,
  integerVar,
  jsonVar,
  listVar,
  numberVar,
  pathVar,
  prefixView,
  readVariables,
  stringVar,
  urlVar,
  VariableType,
  type StandardSchema,
  type VariablesOf,
} from '@osx/environ';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';

const shape = {
  name: stringVar('NAME'),
  port: integerVar('PORT', { min: 1, max: 65_535, default: 8080 }),
  ratio: numberVar('RATIO', { required: false }),
  debug: booleanVar('DEBUG', { default: false }),
  level: enumVar('LEVEL', ['debug', 'info'], { default: 'info' }),
  hosts: listVar('HOSTS', { default: () => [] }),
  ports: listVar('PORTS', { of: integerType(), required: false }),
  timeout: durationVar('TIMEOUT', { default: 1000 }),
  memory: bytesVar('MEMORY', { default: 1 << 20 }),
  base: urlVar('BASE', { protocols: ['https:'] }),
  data: pathVar('DATA', { default: '/var/lib' }),
  extra: jsonVar('EXTRA', { required: false }),
  limits: jsonVar('LIMITS', { schema: z.object({ rows: z.number() }), required: false }),
  ZOD: z.coerce.number().int().default(3),
  VALIBOT: v.optional(v.pipe(v.string(), v.toNumber())),
  OWN: integerType(),
  either: new EnvVar('EITHER', { required: process.argv.length > 0 }),
};

test('everything at once, with the types', () => {
  const environ = {
    NAME: 'n',
    PORT: '80',
    HOSTS: 'a,b',
    BASE: 'https://example.org/',
    LIMITS: '{"rows":5}',
    OWN: '1',
    EITHER: 'e',
    TIMEOUT: '2s',
    EXTRA: '[1]',
  };
  const config = readVariables(shape, { environ });
  expect(config).toEqual({
    name: 'n',
    port: 80,
    ratio: undefined,
    debug: false,
    level: 'info',
    hosts: ['a', 'b'],
    ports: undefined,
    timeout: 2000,
    memory: 1_048_576,
    base: new URL('https://example.org/'),
    data: '/var/lib',
    extra: [1],
    limits: { rows: 5 },
    ZOD: 3,
    VALIBOT: undefined,
    OWN: 1,
    either: 'e',
  });
  expect(Object.isFrozen(config)).toBe(true);
  expectTypeOf(config).toEqualTypeOf<{
    readonly name: string;
    readonly port: number;
    readonly ratio: number | undefined;
    readonly debug: boolean;
    readonly level: 'debug' | 'info';
    readonly hosts: readonly string[];
    readonly ports: readonly number[] | undefined;
    readonly timeout: number;
    readonly memory: number;
    readonly base: URL;
    readonly data: string;
    readonly extra: unknown;
    readonly limits: { rows: number } | undefined;
    readonly ZOD: number;
    readonly VALIBOT: number | undefined;
    readonly OWN: number;
    readonly either: string | undefined;
  }>();
});

test('the types of single variables', () => {
  const environ = { A: '1', B: 'x' };
  expectTypeOf(new EnvVar('A')).toEqualTypeOf<EnvVar>();
  expectTypeOf(new EnvVar('A').get({ environ })).toEqualTypeOf<string>();
  expectTypeOf(new EnvVar('A', { required: false }).get({ environ })).toEqualTypeOf<string | undefined>();
  expectTypeOf(new EnvVar('A', { default: 'x' }).get({ environ })).toEqualTypeOf<string>();
  expectTypeOf(new EnvVar('A', { type: integerType(), default: 5 }).get({ environ })).toEqualTypeOf<number>();
  expectTypeOf(new EnvVar('A', { type: z.coerce.number() }).get({ environ })).toEqualTypeOf<number>();
  expectTypeOf(integerVar('A').get(null, { environ })).toEqualTypeOf<number | null>();
  expectTypeOf(integerVar('A').get(() => 'x', { environ })).toEqualTypeOf<number | string>();
  expectTypeOf(integerVar('A').get({ default: [1], environ })).toEqualTypeOf<number | number[]>();
  expectTypeOf(integerVar('A', { required: false }).get(0, { environ })).toEqualTypeOf<number>();
  expectTypeOf<Parameters<EnvVar<number>['set']>[0]>().toEqualTypeOf<number | undefined>();
  expectTypeOf(readVariables({ B: z.enum(['x', 'y']) }, { environ })).toEqualTypeOf<{ readonly B: 'x' | 'y' }>();
  expectTypeOf<VariablesOf<{ a: EnvVar<number, false> }>>().toEqualTypeOf<{ readonly a: number | undefined }>();
  expectTypeOf(defineVariables({ a: integerVar('A') }).read({ environ })).toEqualTypeOf<{ readonly a: number }>();
  expectTypeOf(defineVariables({ a: integerVar('A') }).variables.a).toEqualTypeOf<EnvVar<unknown, boolean>>();

  const inPlace = readVariables(
    {
      plain: new EnvVar('A'),
      withDefault: new EnvVar('N', { default: 'x' }),
      optional: new EnvVar('N', { required: false }),
      typed: new EnvVar('A', { type: integerType() }),
      list: listVar('A'),
      json: jsonVar('A'),
      word: enumVar('B', ['x', 'y']),
      A: z.string(),
    },
    { environ },
  );
  expectTypeOf(inPlace).toEqualTypeOf<{
    readonly plain: string;
    readonly withDefault: string;
    readonly optional: string | undefined;
    readonly typed: number;
    readonly list: readonly string[];
    readonly json: unknown;
    readonly word: 'x' | 'y';
    readonly A: string;
  }>();

  // @ts-expect-error a default of another type
  expect(() => integerVar('A', { default: '5' })).not.toThrow();
  // @ts-expect-error no word of the enum
  expect(() => enumVar('A', ['x', 'y'], { default: 'z' })).not.toThrow();
  // @ts-expect-error what is read cannot be assigned to
  expect(() => (readVariables({ a: integerVar('A') }, { environ }).a = 5)).toThrow(TypeError);
});

test('all errors are in one report', () => {
  const environ = {
    PORT: 'http',
    RATIO: '',
    DEBUG: 'maybe',
    LEVEL: 'trace\n\u001b[31m',
    PORTS: '1,,2',
    TIMEOUT: '30',
    MEMORY: '64KB',
    BASE: 'http://ada:hunter2@example.org/',
    DATA: '',
    EXTRA: '{',
    LIMITS: '{"rows":"x"}',
    ZOD: 'x',
    OWN: '0x10',
  };
  const error = caught(() => readVariables(shape, { environ })) as EnvironError;
  expect(error).toBeInstanceOf(EnvironError);
  expect(error.message.split('\n')).toEqual([
    '15 environment variables are wrong:',
    '  NAME is required and not set',
    '  PORT must be an integer from 1 to 65535, is "http"',
    '  RATIO must be a number, is empty',
    '  DEBUG must be true, false, 1, 0, yes, no, on or off, is "maybe"',
    '  LEVEL must be debug or info, is "trace\\n\\u001b[31m"',
    '  PORTS has a wrong item 2, which must be an integer, is "1,,2"',
    '  TIMEOUT must have a unit, such as ms, s, m or h, is "30"',
    '  MEMORY must have the unit kB (powers of 1000) or KiB (powers of 1024), is "64KB"',
    '  BASE must be a URL that begins with https://, is "http://***@example.org/"',
    '  DATA must be a path that is not empty, is empty',
    '  EXTRA must be JSON, is "{"',
    expect.stringMatching(/^ {2}LIMITS must be other JSON: rows: .*number.*, is "\{\\"rows\\":\\"x\\"\}"$/),
    expect.stringMatching(/^ {2}ZOD is not valid: .*number.*, is "x"$/),
    '  OWN must be an integer, is "0x10"',
    '  EITHER is required and not set',
  ]);
  expect(error.issues.map(({ name, kind }) => `${name} ${kind}`)).toContain('NAME missing');
  expect(error.issues.every((issue) => issue.path[0] === issue.name && Object.keys(issue).length === 4)).toBe(true);
});

describe('secrets', () => {
  // Long enough not to come up by chance, and with what every kind of type would quote.
  const secret = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' }).map((text) => `zQ7${text}Qz7`);

  const secretShape = {
    text: stringVar('S_TEXT', { secret: true, maxLength: 3 }),
    integer: integerVar('S_INTEGER', { secret: true }),
    number: numberVar('S_NUMBER', { secret: true }),
    flag: booleanVar('S_FLAG', { secret: true }),
    word: enumVar('S_WORD', ['a'], { secret: true }),
    list: listVar('S_LIST', {
      secret: true,
      of: z.string().refine(() => false, { error: ({ input }) => `bad ${String(input)}` }),
    }),
    duration: durationVar('S_DURATION', { secret: true }),
    bytes: bytesVar('S_BYTES', { secret: true }),
    url: urlVar('S_URL', { secret: true, protocols: ['https'] }),
    path: pathVar('S_PATH', { secret: true, absolute: true }),
    json: jsonVar('S_JSON', { secret: true }),
    zod: new EnvVar('S_ZOD', {
      secret: true,
      type: z.string().refine(() => false, { error: ({ input }) => `bad ${String(input)}` }),
    }),
    valibot: new EnvVar('S_VALIBOT', {
      secret: true,
      type: v.pipe(v.string(), v.integer() as never) as StandardSchema<string, string>,
    }),
    byName: integerVar('DB_PASSWORD'),
    API_TOKEN: z.literal('x'),
  };
  const names = Object.values(defineVariables(secretShape).variables).map(({ name }) => name);

  test('no channel of an error shows one', () => {
    fc.assert(
      fc.property(secret, (text) => {
        const environ = Object.fromEntries(names.map((name) => [name, text]));
        const error = caught(() => readVariables(secretShape, { environ })) as EnvironError;
        expect(error.issues).toHaveLength(names.length);
        const channels = [
          error.message,
          error.stack,
          String(error),
          inspect(error, { showHidden: true, depth: 9 }),
          JSON.stringify(error),
        ];
        // The channels have parts of their own; what the text adds to them must be in none.
        for (const channel of channels) for (const part of ['zQ7', 'Qz7', text]) expect(channel).not.toContain(part);
      }),
      { numRuns: 50 },
    );
  });

  test('and what is read shows none, but has it', () => {
    const config = readVariables(
      { port: integerVar('PORT'), token: stringVar('TOKEN'), nested: jsonVar('KEY') },
      { environ: { PORT: '1', TOKEN: 'hunter2', KEY: '{"a":"hunter2"}' } },
    );
    expect(config.token).toBe('hunter2');
    expect(config).toEqual({ port: 1, token: 'hunter2', nested: { a: 'hunter2' } });
    expect(Object.keys(config)).toEqual(['port', 'token', 'nested']);
    expect(inspect(config)).toBe('{ port: 1, token: [secret], nested: [secret] }');
    expect(JSON.stringify({ config })).toBe('{"config":{"port":1,"token":"[secret]","nested":"[secret]"}}');
    const shown = [
      inspect({ deep: { config } }, { showHidden: true, depth: 9 }),
      inspect(config, { customInspect: false }),
      inspect([config], { customInspect: false, showHidden: true }),
    ];
    for (const text of shown) expect(text).not.toContain('hunter2');
  });

  test('a program that is not told which are secret does not show passwords in URLs', () => {
    const error = caught(() =>
      readVariables(
        { a: integerVar('A'), b: enumVar('B', ['x']), c: urlVar('C', { protocols: ['https'] }) },
        { environ: { A: 'ada:hunter2@db', B: 'postgres://ada:hunter2/@2@db/x', C: 'amqp://:hunter2@h' } },
      ),
    );
    expect(inspect(error)).not.toContain('hunter2');
    expect((error as Error).message).toContain('"***@db"');
  });
});

describe('Standard Schema', () => {
  test('a schema decides what a variable is that is not set', () => {
    expect(readVariables({ A: z.string().optional(), B: z.string().default('d') }, { environ: {} })).toEqual({
      A: undefined,
      B: 'd',
    });
    expect((caught(() => readVariables({ A: z.string() }, { environ: {} })) as EnvironError).issues).toMatchObject([
      { name: 'A', kind: 'missing', message: 'A is required and not set' },
    ]);
    const strict = new EnvVar('A', { type: z.string().optional(), required: true });
    expect(() => strict.get({ environ: {} })).toThrow('is required and not set');
    expect(new EnvVar('A', { type: z.string(), required: false }).get({ environ: {} })).toBeUndefined();
    expect(new EnvVar('A', { type: z.string(), default: 'd' }).get({ environ: {} })).toBe('d');
  });

  test('a function that is a schema, as those of arktype are', () => {
    const schema = Object.assign(() => {}, {
      '~standard': { version: 1, vendor: 'ark', validate: (value: unknown) => ({ value: `${String(value)}!` }) },
    } as const) as unknown as StandardSchema<unknown, string>;
    expect(readVariables({ A: schema }, { environ: { A: 'x' } })).toEqual({ A: 'x!' });
  });

  test('a promise is an issue, and does not go unhandled', async () => {
    // zod itself leaves one behind when it finds out that a refinement is asynchronous.
    const validate = async (): Promise<never> => await Promise.reject(new Error('late'));
    const schema: StandardSchema = { '~standard': { version: 1, vendor: 'late', validate } };
    expect(() => readVariables({ A: schema }, { environ: { A: 'x' } })).toThrow('answered by a promise');
    await new Promise((resolve) => setImmediate(resolve));
  });

  test('what a schema throws is an issue among others, and shows no secret', () => {
    const validate = (text: unknown): never => JSON.parse(String(text)) as never;
    const throws: StandardSchema = { '~standard': { version: 1, vendor: 'throws', validate } };
    const throwing = {
      A: throws,
      TOKEN: throws,
      B: z.string().transform((text) => JSON.parse(text) as unknown),
      C: z.string(),
    };
    const error = caught(() =>
      readVariables(throwing, { environ: { A: 'x', TOKEN: 'hunter2', B: 'x' } }),
    ) as EnvironError;
    expect(error.issues.map(({ name, kind }) => [name, kind])).toEqual([
      ['A', 'invalid'],
      ['TOKEN', 'invalid'],
      ['B', 'invalid'],
      ['C', 'missing'],
    ]);
    expect(error.issues[0]?.message).toContain('JSON');
    expect(inspect(error)).not.toContain('hunter2');
  });

  test('of a whole environment', () => {
    const { validate, vendor } = defineVariables({ port: integerVar('PORT'), TOKEN: z.string() })['~standard'];
    expect(vendor).toBe('@osx/environ');
    expect(validate({ PORT: '1', TOKEN: 't' })).toEqual({ value: { port: 1, TOKEN: 't' } });
    expect(validate({ PORT: 'x' })).toEqual({
      issues: [
        { name: 'PORT', kind: 'invalid', message: 'PORT must be an integer, is "x"', path: ['PORT'] },
        { name: 'TOKEN', kind: 'missing', message: 'TOKEN is required and not set', path: ['TOKEN'] },
      ],
    });
    for (const value of [undefined, null, 'x', [], { PORT: 1 }]) expect(validate(value)).toHaveProperty('issues');
  });
});

test('a type that throws is an issue among others', () => {
  const throws = new VariableType<string>({
    kind: 'odd',
    expected: 'odd',
    parse: (text) => {
      throw new Error(`no ${text}`);
    },
    format: (value) => value,
  });
  const error = caught(() =>
    readVariables({ A: throws, TOKEN: throws, B: z.string() }, { environ: { A: 'x', TOKEN: 'hunter2' } }),
  );
  expect((error as EnvironError).issues.map(({ message }) => message)).toEqual([
    'A cannot be read (no x), is "x"',
    'TOKEN must be odd (it is secret and not shown)',
    'B is required and not set',
  ]);
});

test('names of a view with a prefix are told whole', () => {
  const environ = prefixView('APP_', { environ: { APP_PORT: 'x', PORT: '1' } });
  expect(
    (caught(() => readVariables({ port: integerVar('PORT'), HOST: z.string() }, { environ })) as EnvironError).issues,
  ).toEqual([
    { name: 'APP_PORT', kind: 'invalid', message: 'APP_PORT must be an integer, is "x"', path: ['APP_PORT'] },
    { name: 'APP_HOST', kind: 'missing', message: 'APP_HOST is required and not set', path: ['APP_HOST'] },
  ]);
  expect(() => integerVar('PORT').get({ environ })).toThrow('APP_PORT must be an integer');
});

test('keys that objects have', () => {
  const odd = JSON.parse('{"__proto__":0,"constructor":0}') as Record<string, unknown>;
  for (const key of Object.keys(odd)) Object.defineProperty(odd, key, { value: integerVar('A'), enumerable: true });
  const config = readVariables(odd as Record<string, EnvVar<number>>, { environ: { A: '1' } });
  expect(Object.entries(config)).toEqual([
    ['__proto__', 1],
    ['constructor', 1],
  ]);
});

test.each([
  ['no shape', () => readVariables(undefined as never), 'ERR_INVALID_ARG_TYPE'],
  ['null', () => readVariables(null as never), 'ERR_INVALID_ARG_TYPE'],
  ['no schema', () => readVariables({ A: String as never }), 'ERR_INVALID_ARG_TYPE'],
  ['a text', () => readVariables({ A: 'string' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['toJSON', () => readVariables({ toJSON: integerVar('A') }), 'ERR_INVALID_ARG_VALUE'],
  ['a key that is no name', () => readVariables({ 'A=B': integerType() }), 'ERR_INVALID_ARG_VALUE'],
  ['environ', () => readVariables({}, { environ: null as never }), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(caught(call)).toMatchObject({ code });
});

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('what another copy of this package made is taken for what it is', () => {
  const { rules } = integerVar('A');
  const other = { [Symbol.for('@osx/environ/EnvVar')]: true, name: 'A', isSecret: false, rules };
  const shapeOfOther = { a: other as unknown as EnvVar<number> };
  expect(readVariables(shapeOfOther, { environ: { A: '1', a: '2' } })).toEqual({ a: 1 });
});
