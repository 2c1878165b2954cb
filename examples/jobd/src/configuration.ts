import { readFileSync } from 'node:fs';

export interface Configuration {
  /** Written into every result. */
  readonly label: string;
  /** How long a job takes at least, in milliseconds. */
  readonly paceMs: number;
  /** How many processes do the jobs in turn; asked at the start only. Default 0: jobd itself does them. */
  readonly workers?: number;
}

/**
 * Reads the configuration whole: nothing of it is in use unless all of it is right. No file means the defaults.
 *
 * @throws Error that says what is wrong with which file.
 */
export function readConfiguration(path: string): Configuration {
  const text = readIfThere(path);
  if (text === null) return { label: 'default', paceMs: 0 };
  try {
    return check(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function check(value: unknown): Configuration {
  if (typeof value !== 'object' || value === null) throw new TypeError('must be a JSON object');
  const { label = 'default', paceMs = 0, workers = 0, ...unknown } = value as Record<string, unknown>;
  if (typeof label !== 'string') throw new TypeError('label must be a string');
  if (typeof paceMs !== 'number' || !(paceMs >= 0 && paceMs <= 86_400_000)) {
    throw new RangeError('paceMs must be a number from 0 to 86400000');
  }
  if (typeof workers !== 'number' || !Number.isInteger(workers) || workers < 0 || workers > 64) {
    throw new RangeError('workers must be an integer from 0 to 64');
  }
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new TypeError(`there is no setting ${JSON.stringify(name)}`);
  return { label, paceMs, ...(workers > 0 && { workers }) };
}
