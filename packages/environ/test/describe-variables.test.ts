import {
  defineVariables,
  describeVariables,
  EnvVar,
  integerVar,
  jsonVar,
  listVar,
  stringVar,
  urlVar,
} from '@osx/environ';
import { expect, test } from 'vitest';
import { z } from 'zod';

const variables = {
  port: integerVar('PORT', { min: 1, default: 8080, description: 'Where to listen' }),
  token: stringVar('API_TOKEN', { description: 'a | b' }),
  password: stringVar('DB_PASSWORD', { default: 'hunter2' }),
  database: urlVar('DATABASE', { default: new URL('postgres://ada:hunter2@db/x'), description: 'line 1\nline 2' }),
  hosts: listVar('HOSTS', { required: false }),
  made: jsonVar('MADE', { default: () => expect.unreachable() as unknown }),
  ZOD: z.string().optional(),
  wide: stringVar('名前', { default: '', description: '*bold* <b> `x` \\ [a](b)' }),
};

test('a table for a terminal', () => {
  expect(describeVariables(variables)).toBe(`\
NAME         MUST BE                            DEFAULT              DESCRIPTION
PORT         an integer of at least 1           8080                 Where to listen
API_TOKEN    a text, secret                     required             a | b
DB_PASSWORD  a text, secret                     (secret)
DATABASE     a URL                              postgres://***@db/x  line 1\\nline 2
HOSTS        a list with "," between the items  optional
MADE         JSON                               (computed)
ZOD          a value that zod accepts
名前         a text                             (empty)              *bold* <b> \`x\` \\ [a](b)
`);
});

test('a table for a README', () => {
  expect(describeVariables(variables, { format: 'markdown' }).split('\n')).toEqual([
    '| Name | Must be | Default | Description |',
    '| --- | --- | --- | --- |',
    '| `PORT` | an integer of at least 1 | 8080 | Where to listen |',
    '| `API_TOKEN` | a text, secret | required | a \\| b |',
    '| `DB_PASSWORD` | a text, secret | (secret) |  |',
    '| `DATABASE` | a URL | postgres://\\*\\*\\*@db/x | line 1\\\\nline 2 |',
    '| `HOSTS` | a list with "," between the items | optional |  |',
    '| `MADE` | JSON | (computed) |  |',
    '| `ZOD` | a value that zod accepts |  |  |',
    '| `名前` | a text | (empty) | \\*bold\\* \\<b\\> \\`x\\` \\\\ \\[a\\](b) |',
    '',
  ]);
});

test('what they are in an environment', () => {
  const environ = { PORT: 'x', DB_PASSWORD: 'hunter2', DATABASE: 'redis://:hunter2@r', HOSTS: '' };
  const table = describeVariables(variables, { format: 'markdown', environ });
  expect(table).not.toContain('hunter2');
  const cells = table.split('\n').map((line) => line.split(' | ')[3]);
  expect(cells.slice(2, -1)).toEqual([
    'WRONG: "x"',
    'MISSING',
    '(secret)',
    '"redis://\\*\\*\\*@r"',
    '(empty)',
    'not set',
    'not set',
    'not set',
  ]);
});

test('of an array, and of what was defined', () => {
  expect(describeVariables([new EnvVar('A')])).toBe('NAME  MUST BE  DEFAULT   DESCRIPTION\nA     a text   required\n');
  expect(defineVariables({ a: new EnvVar('A') }).describe({ format: 'markdown' })).toContain('| `A` |');
  expect(describeVariables([])).toBe('NAME  MUST BE  DEFAULT  DESCRIPTION\n');
  expect(describeVariables([new EnvVar('A`|')], { format: 'markdown' })).toContain('| ``A`\\|`` |');
});

test.each([
  ['nothing', () => describeVariables(undefined as never), 'ERR_INVALID_ARG_TYPE'],
  ['an array of others', () => describeVariables(['A' as never]), 'ERR_INVALID_ARG_TYPE'],
  ['format', () => describeVariables([], { format: 'html' as never }), 'ERR_INVALID_ARG_VALUE'],
  ['environ', () => describeVariables([], { environ: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
