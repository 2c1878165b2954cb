import type { Repository } from './repository.ts';

/** What one check found. No problem means it passed; a skip says why nothing could be checked. */
export interface CheckResult {
  problems: string[];
  warnings?: string[];
  skipped?: string;
}

/** One rule of the house: a name for the command line, and what it looks at. */
export interface Check {
  name: string;
  run: (repository: Repository) => Promise<CheckResult>;
}
