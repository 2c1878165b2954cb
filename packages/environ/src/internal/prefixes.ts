import type { EnvironIssue } from '../environ-error.ts';
import type { Environ } from '../environ.ts';

const prefixes = new WeakMap<Environ, string>();

/** Remembers what the names of a view lack. */
export function rememberPrefix(view: Environ, prefix: string): void {
  prefixes.set(view, prefix);
}

/** What stands before every name of a view; nothing for what is no view. */
export function prefixOf(environ: Environ): string {
  return prefixes.get(environ) ?? '';
}

/** The issue with the name that people must set: of a view, the whole name. */
export function nameIn(environ: Environ, issue: EnvironIssue): EnvironIssue {
  const prefix = prefixOf(environ);
  if (prefix === '') return issue;
  const name = `${prefix}${issue.name}`;
  return { ...issue, name, message: `${prefix}${issue.message}`, path: [name] };
}
