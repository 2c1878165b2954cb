import { readFile } from 'node:fs/promises';

import { defineConfig } from 'tsup';

type Plugin = NonNullable<
  Exclude<NonNullable<Parameters<typeof defineConfig>[0]>, unknown[] | Function>['esbuildPlugins']
>[number];

/**
 * `import { openSync } from 'node:fs'` becomes a destructuring of `process.getBuiltinModule('node:fs')`.
 *
 * An import makes Node build the ES module face of a built-in module, which reads all its properties: for node:fs that
 * loads fs.promises, 2 ms of a program's start. Built-in modules that Node has not loaded by itself cost as much again; those
 * are asked for where they are used, in the sources.
 */
const takeBuiltinModules: Plugin = {
  name: 'take-builtin-modules',
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replaceAll(BUILTIN_IMPORT, takenFrom), loader: 'ts' };
    });
  },
};

const BUILTIN_IMPORT = /^import (?!type )(?:(\w+)|\{([^}]*)\}) from '(node:[a-z/_]+)';$/gm;

function takenFrom(_import: string, whole: string | undefined, named: string | undefined, module: string): string {
  const names = (named ?? '').split(',').map((name) => name.trim());
  const values = names.filter((name) => name !== '' && !name.startsWith('type '));
  const types = names.filter((name) => name.startsWith('type ')).map((name) => name.slice('type '.length));
  const bindings = whole ?? `{ ${values.map((name) => name.replace(' as ', ': ')).join(', ')} }`;
  return [
    `const ${bindings} = process.getBuiltinModule('${module}');`,
    ...(types.length > 0 ? [`import type { ${types.join(', ')} } from '${module}';`] : []),
  ].join(' ');
}

/**
 * The one way a package of this repository is built: ESM for Node, one chunk graph per package, nothing of another
 * package inside (tsup would inline what stands only in optionalDependencies). Declarations come from tsc, because
 * TypeScript 7 has no compiler API for tsup to call. They import './x.ts' as the sources do (tsc rewrites the endings in
 * JavaScript only), which TypeScript 5 and later resolve to x.d.ts; the check 'packed' reads them as a user's compiler does.
 *
 * @param entry Public entry points: output name to source file.
 */
export function packageBuild(
  entry: Record<string, string> = { index: 'src/index.ts' },
): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22.18',
    platform: 'node',
    outDir: 'dist',
    clean: true,
    dts: false,
    sourcemap: false,
    splitting: true,
    treeshake: true,
    skipNodeModulesBundle: true,
    removeNodeProtocol: false,
    esbuildPlugins: [takeBuiltinModules],
  });
}
