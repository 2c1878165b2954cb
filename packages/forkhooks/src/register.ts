/**
 * The preload of `@osx/forkhooks`: `node --import @osx/forkhooks/register program.js`.
 *
 * Children of a program with hooks load it by themselves where `afterForkInChild` has something to do. Loaded by hand it
 * makes the program the first of its tree, so that {@link forkDepth} counts from it.
 *
 * @module
 */
import { preload } from './internal/preload.ts';

preload(import.meta.filename);
