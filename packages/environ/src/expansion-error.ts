/**
 * A text that cannot be expanded: it is not well formed, or it needs a variable that is not set.
 *
 * The message names variables and what the text itself says (`${NAME:?this}`), and no values.
 *
 * @example
 * ```ts
 * import { ExpansionError, expandVariables } from '@osx/environ';
 *
 * try {
 *   expandVariables('${DATA_DIR:?set it to where the data is}', { environ: {} });
 * } catch (error) {
 *   if (error instanceof ExpansionError) console.log(error.message); // DATA_DIR: set it to where the data is
 * }
 * ```
 */
export class ExpansionError extends Error {
  readonly code = 'ERR_OSX_EXPANSION';
  readonly kind: 'syntax' | 'undefined';
  /** Where in the text, in UTF-16 units. */
  readonly offset: number;
  /** The variable that is not set. */
  declare readonly variable?: string;

  constructor(message: string, where: { kind: 'syntax' | 'undefined'; offset: number; variable?: string }) {
    super(message);
    this.kind = where.kind;
    this.offset = where.offset;
    if (where.variable !== undefined) this.variable = where.variable;
  }

  override get name(): string {
    return 'ExpansionError';
  }

  override set name(name: string) {
    Object.defineProperty(this, 'name', { value: name, writable: true, configurable: true });
  }
}
