import { strerror } from '@osx/errors';

import { explain } from './explain.ts';
import { withoutTrailingSlashes, type FilePath } from './file-path.ts';
import type { Place } from './place.ts';

/** Why nothing could be made in a directory, said of the directory, and of the variable that named it. */
export function explainPlace(error: unknown, { directory, variable }: Place): unknown {
  const path = withoutTrailingSlashes(directory);
  const errno = (error as NodeJS.ErrnoException | undefined)?.errno;
  if (variable === undefined || typeof errno !== 'number') return explain(error, path);
  return explain(error, path, { message: `${strerror(errno)} (the directory is that of ${variable})` });
}

/** A path as its caller speaks of paths. */
export function external(path: FilePath, { inBytes }: Pick<Place, 'inBytes'>): string | Buffer {
  return inBytes ? Buffer.from(path as string) : path.toString();
}
