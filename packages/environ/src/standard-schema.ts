/**
 * What zod, valibot, arktype and others have in common: the interface of Standard Schema, version 1. Its types are
 * copied here, as the specification proposes, so that nothing is installed for them.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': StandardProperties<Input, Output>;
}

/** What stands behind `~standard`. */
export interface StandardProperties<Input = unknown, Output = Input> {
  readonly version: 1;
  /** The library: `zod`, `valibot`, `@osx/environ`. */
  readonly vendor: string;
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** Only for the compiler: never there at run time. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** A value, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Any schema, whatever it makes of what. Without type parameters, so that the compiler infers nothing from it: a
 * `new EnvVar('A')` that stands where one is wanted is of strings all the same.
 */
export interface AnySchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: unknown;
  };
}

/** What a schema makes of its input. */
export type OutputOf<Schema extends AnySchema> =
  NonNullable<Schema['~standard']['types']> extends { readonly output: infer Output } ? Output : unknown;
