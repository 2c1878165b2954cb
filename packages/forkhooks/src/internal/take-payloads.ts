import { type ChildPayload, parsePayloads, PAYLOAD_KEY, PAYLOAD_VARIABLE } from './child-payload.ts';

/** What the parent wants done here. It is taken away, with what brought it: this program's own children start clean. */
export function takePayloads(file: string): ChildPayload[] {
  // A Worker with something to do has been given the preload by its options. node:worker_threads is 1.4 ms to a process.
  return process.execArgv.includes('--require') ? takeFromThread(file) : takeFromEnvironment();
}

function takeFromThread(file: string): ChildPayload[] {
  const { getEnvironmentData, isMainThread, setEnvironmentData } = process.getBuiltinModule('node:worker_threads');
  if (isMainThread) return takeFromEnvironment();
  const payloads = parsePayloads((getEnvironmentData(PAYLOAD_KEY) as unknown as string[] | undefined)?.join('\n'));
  const { execArgv } = payloads[0] ?? {};
  if (execArgv !== undefined) process.execArgv.splice(0, Infinity, ...execArgv);
  // A Worker of a Worker inherits the preload, and has nothing to do, because what there was is taken away here.
  else if (process.execArgv[1] === file) process.execArgv.splice(0, 2);
  if (payloads.length > 0) setEnvironmentData(PAYLOAD_KEY);
  return payloads;
}

function takeFromEnvironment(): ChildPayload[] {
  const payloads = parsePayloads(process.env[PAYLOAD_VARIABLE]);
  delete process.env[PAYLOAD_VARIABLE];
  // The last one stands first. A shell in between may have added to it, or have put another in its place.
  for (const { preload } of payloads.toReversed()) {
    const nodeOptions = process.env['NODE_OPTIONS'] ?? '';
    if (preload === undefined || !`${nodeOptions} `.startsWith(`${preload} `)) continue;
    if (nodeOptions === preload) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = nodeOptions.slice(preload.length + 1);
  }
  return payloads;
}
