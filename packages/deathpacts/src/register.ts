/**
 * Arms a pact before the program starts: `node --import @osx/deathpacts/register program.js`, also by `NODE_OPTIONS`.
 *
 * The environment variable `OSX_DEATHPACT` says which: `parent-death-signal` (the default), `process`, `pipe`, `heartbeat-file` or
 * `none`; or JSON with the options, `{"pact":"process","pid":4321,"signal":"SIGKILL"}`. It is taken out of the environment,
 * because it says who the parent of this process is, not of the next. In a Worker nothing is done.
 *
 * @module
 */
import { armFromEnvironment } from './internal/arm-from-environment.ts';

armFromEnvironment();
