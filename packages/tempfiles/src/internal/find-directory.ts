import { withoutTrailingSlashes, absolutePath } from './file-path.ts';

const VARIABLES = ['TMPDIR', 'TMP', 'TEMP'] as const;

/** The directory for temporaries by the environment, absolute, and the variable that said so. */
export function findDirectory(environ: Readonly<Record<string, string | undefined>>): {
  readonly path: string;
  readonly variable: string | undefined;
} {
  const variable = VARIABLES.find((name) => (environ[name] ?? '') !== '');
  if (variable === undefined) return { path: usual(), variable };
  return { path: withoutTrailingSlashes(absolutePath(environ[variable] as string)) as string, variable };
}

function usual(): string {
  return process.platform === 'win32' ? process.getBuiltinModule('node:os').tmpdir() : '/tmp';
}
