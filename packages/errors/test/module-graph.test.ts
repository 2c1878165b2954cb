import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = new URL('../src/', import.meta.url);

/** The modules that a source imports at run time. */
function imports(file: string): string[] {
  const text = readFileSync(new URL(file, sources), 'utf8');
  const statements = text.matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)';/gms);
  return Array.from(statements, ([, specifier]) =>
    specifier!.startsWith('.')
      ? new URL(specifier!, new URL(file, sources)).href.slice(sources.href.length)
      : specifier!,
  );
}

function reachable(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const imported of imports(file)) if (imported.endsWith('.ts')) reachable(imported, seen);
  return seen;
}

const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

test('the parser sees the graph', () => {
  expect(imports('index.ts')).toContain('check-path.ts');
  expect([...reachable('system-error.ts')]).toContain('internal/errno/linux.ts');
});

test('nothing of Node, no package and no native code is imported', () => {
  for (const file of files)
    expect(
      imports(file).filter((name) => !name.endsWith('.ts')),
      file,
    ).toEqual([]);
});

test('who imports the checks alone gets no errno table', () => {
  const checks = files.filter((file) => /^(check-|to-bytes|invalid-|out-of|has-code|is-|abort-)/.test(file));
  expect(checks.length).toBeGreaterThan(15);
  for (const file of checks)
    expect(
      [...reachable(file)].filter((name) => name.includes('errno')),
      file,
    ).toEqual([]);
});
