import { pactFromText } from './pact-from-text.ts';

const VARIABLE = 'OSX_DEATHPACT';

/** Arms what the environment asks for, in the main thread; Workers get preloads too. */
export function armFromEnvironment(): void {
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  if (!isMainThread) return;
  const { [VARIABLE]: text = '' } = process.env;
  // Children of a process that was to have none have none either.
  if (text !== 'none') delete process.env[VARIABLE];
  pactFromText(`the environment variable ${VARIABLE}`, text === '' ? 'parent-death-signal' : text);
}
