/**
 * os-release(5): which distribution, which version, and whose relative it is.
 *
 * @module
 */
export { OS_RELEASE_PATHS } from './os-release-paths.ts';
export type { OsRelease } from './os-release.ts';
export { parseOsRelease } from './parse-os-release.ts';
export { readOsRelease } from './read-os-release.ts';
export type { ReadOsReleaseOptions } from './read-os-release.ts';
