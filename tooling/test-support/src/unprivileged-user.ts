import { NOBODY } from './internal/unprivileged-command.ts';

/**
 * Options that run a fixture as `nobody`: `spawnFixture(file, args, asUnprivilegedUser)`.
 *
 * Gotcha: guard the test with `needs('unprivileged-user')`, and give the fixture a directory it may enter
 * (`temporaryDirectory('x', { mode: 0o777 })`).
 */
export const asUnprivilegedUser: { readonly uid: number; readonly gid: number } = { uid: NOBODY, gid: NOBODY };
