import { environErrorBrand } from './internal/brand.ts';
import type { StandardIssue } from './standard-schema.ts';

/** One variable that is wrong. It is also an issue of Standard Schema. */
export interface EnvironIssue extends StandardIssue {
  /** The variable. */
  readonly name: string;
  readonly kind: 'missing' | 'invalid';
  /** A sentence: `PORT must be an integer, is "http"`. Without the value when the variable is secret. */
  readonly message: string;
  readonly path: readonly [string];
}

/**
 * All that is wrong with the environment, in one error.
 *
 * The message has a line for each variable. Neither it nor `issues` holds the value of a secret variable.
 *
 * **Gotchas**: recognise it by {@link isEnvironError}, not by `instanceof`: two copies of this package have two classes.
 *
 * @example
 * ```ts
 * import { EnvironError, integerVar, readVariables } from '@osx/environ';
 *
 * try {
 *   readVariables({ port: integerVar('PORT'), workers: integerVar('WORKERS') }, { environ: { PORT: 'http' } });
 * } catch (error) {
 *   if (error instanceof EnvironError) console.log(error.message);
 *   // 2 environment variables are wrong:
 *   //   PORT must be an integer, is "http"
 *   //   WORKERS is required and not set
 * }
 * ```
 */
export class EnvironError extends Error {
  readonly code = 'ERR_OSX_ENVIRON';
  readonly issues: readonly EnvironIssue[];

  /** @param issues At least one. */
  constructor(issues: readonly EnvironIssue[]) {
    const head =
      issues.length === 1 ? '1 environment variable is wrong' : `${issues.length} environment variables are wrong`;
    super(`${head}:\n${issues.map(({ message }) => `  ${message}`).join('\n')}`);
    Object.defineProperty(this, environErrorBrand, { value: true });
    this.issues = Object.freeze([...issues]);
  }

  override get name(): string {
    return 'EnvironError';
  }

  override set name(name: string) {
    Object.defineProperty(this, 'name', { value: name, writable: true, configurable: true });
  }
}
