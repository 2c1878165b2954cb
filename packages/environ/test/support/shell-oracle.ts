import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';

/** A text, and the environment in which a shell and we expand it. */
export interface Sample {
  readonly text: string;
  readonly environ: Readonly<Record<string, string>>;
}

/** What came of it: the text, or that it was refused. */
export type Outcome = string | { readonly refused: true };

export const refused: Outcome = { refused: true };

const end = 'end-of-sample';
const mark = '\u0001';

/**
 * Lets a shell expand every text as a here-document, each in a subshell with its own environment; one process for all.
 *
 * @param locale `C.UTF-8` for characters, `C` for bytes.
 */
export function expandByShell(shell: 'bash' | 'dash', samples: readonly Sample[], locale: string): Outcome[] {
  const script = samples.map(({ text, environ }) => {
    const settings = Object.entries(environ).map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'`);
    return `(${settings.join('; ')}\ncat <<${end}\n${text}\n${end}\n)\nprintf '${mark}%d${mark}' "$?"\n`;
  });
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: locale };
  const options = { input: script.join(''), env, encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 28 } as const;
  // bash would read its own settings for interactive use, and dash those that ENV names: neither is there.
  const { stdout, error } = spawnSync(shell, [], options);
  if (error !== undefined) throw error;
  const fields = stdout.split(mark);
  return samples.map((_, index) => (fields[2 * index + 1] === '0' ? (fields[2 * index] ?? '').slice(0, -1) : refused));
}

const name = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');

/** Characters that mean something somewhere, and some that do not; a here-document's line feeds too. */
const ordinaryText = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'ab',
      'x',
      '/',
      '.',
      ' ',
      '-',
      '\n',
      '*',
      '?',
      '[',
      ']',
      '!',
      '#',
      '%',
      ':',
      '=',
      '{',
      '$ ',
      '&',
      ';',
      '|',
      '(',
      ')',
    ),
    {
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''));

const value = fc
  .array(
    fc.constantFrom('a', 'b', 'ab', 'x', '/', '.', '*', '?', '[', ']', '\\', ' ', '-', "'", '"', '$A', '}', '~', '`'),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

const environs = fc.dictionary(name, value, { maxKeys: 5 });

const colon = fc.constantFrom('', ':');

/**
 * What POSIX settles and both shells do alike. Left out: `[^a]` (no negation in dash), a backslash before an ordinary character
 * within double quotes in a word (bash drops it), a single quote in a word (bash takes it as one that must be closed, and keeps it),
 * `$1`, `$$` and their like, commands, `<(` and `>(` in a word (a command of bash), a tilde at the start of a pattern (dash loses what is
 * behind).
 */
const { text } = fc.letrec<{
  text: string;
  part: string;
  parameter: string;
  word: string;
  wordPart: string;
  inQuotes: string;
  pattern: string;
  patternPart: string;
}>((tie) => ({
  text: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    ordinaryText,
    fc.constantFrom('"', "'", '}', '\\$', '\\\\', '\\`', '\\a', '\\"', '\\\n', '\\}', '$.', '$/', '~', '<(', '>('),
    name.map((known) => `$${known} `),
    tie('parameter'),
  ),
  parameter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    name.map((known) => `\${${known}}`),
    name.map((known) => `\${#${known}}`),
    fc
      .tuple(name, colon, fc.constantFrom('-', '+', '=', '?'), tie('word'))
      .map(([known, c, operator, word]) => `\${${known}${c}${operator}${word}}`),
    fc
      .tuple(name, fc.constantFrom('%', '%%', '#', '##'), tie('pattern'))
      .map(([known, operator, pattern]) => `\${${known}${operator}${pattern}}`),
  ),
  word: fc.array(tie('wordPart'), { maxLength: 3 }).map((parts) => parts.join('')),
  wordPart: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    ordinaryText,
    fc.constantFrom('\\$', '\\\\', '\\`', '\\"', '\\}', '\\a', '\\\n', '$.'),
    tie('inQuotes').map((inside) => `"${inside}"`),
    tie('parameter'),
  ),
  inQuotes: fc
    .array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        ordinaryText,
        fc.constantFrom('}', "'", '\\$', '\\\\', '\\"', '\\\n'),
        tie('parameter'),
      ),
      { maxLength: 3 },
    )
    .map((parts) => parts.join('')),
  pattern: fc.array(tie('patternPart'), { maxLength: 3 }).map((parts) => parts.join('')),
  patternPart: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    ordinaryText,
    fc.constantFrom(
      '*',
      '?',
      '[ab]',
      '[!a]',
      '[a-b]',
      '[[:alpha:]]',
      '[]a]',
      '[a',
      '\\*',
      '\\a',
      '\\\\',
      '\\}',
      "'*'",
      "'}'",
      "'a b'",
      '"*"',
      '"}"',
      '"a"',
    ),
    tie('parameter'),
  ),
}));

/**
 * @param shell bash cannot do `\"` in a word in a pattern, where it loses the backslash and finds no end, and does as it
 * likes with a backslash at the end of a value that is (before what is quoted, after an open `[`) a pattern. dash looks at the pattern for an empty value too, which shows when an
 * assignment or an error is in it.
 */
export function samplesFor(shell: 'bash' | 'dash'): fc.Arbitrary<Sample> {
  const beyond = shell === 'bash' ? /\\["\\]/ : /\$\{[A-Z]:?[=?]/;
  const known = text.filter((sample) => !/[%#]/.test(sample) || !beyond.test(sample));
  const isBeyond = (pattern: string): boolean => shell === 'bash' && pattern.endsWith('\\');
  return fc.record({ text: known, environ: environs.filter((environ) => !Object.values(environ).some(isBeyond)) });
}
