import { defineConfig } from 'tsup';

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
  });
}
