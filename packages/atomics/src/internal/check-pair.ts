import { checkOneOf, checkOptions, type PathLike } from '@osx/errors';

import type { RenameOptions } from '../rename-options.ts';
import { checkFilePath, withoutTrailingSlashes, type FilePath } from './file-path.ts';

type Named = readonly [name: string, value: PathLike];

/** The two checked paths of a rename. */
export function checkPair(
  first: Named,
  second: Named,
  options: RenameOptions | undefined,
): { source: FilePath; dest: FilePath; durable: boolean } {
  const source = withoutTrailingSlashes(checkFilePath(...first));
  const dest = withoutTrailingSlashes(checkFilePath(...second));
  const { durability = 'full' } = checkOptions('options', options);
  return { source, dest, durable: checkOneOf('options.durability', durability, ['none', 'full']) === 'full' };
}
