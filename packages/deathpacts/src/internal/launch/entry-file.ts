/** Where a program of this package is: beside the sources as they are, or in dist as they are published. */
export function entryFile(name: 'launcher' | 'guardian'): string {
  const here = import.meta.url;
  const path = here.endsWith('.ts')
    ? { launcher: './launcher.ts', guardian: '../guardian/guardian.ts' }[name]
    : `./${name}.js`;
  return process.getBuiltinModule('node:url').fileURLToPath(new URL(path, here));
}
