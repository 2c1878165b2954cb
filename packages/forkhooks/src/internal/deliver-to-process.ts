import { parsePayloads, PAYLOAD_VARIABLE, ROOT_VARIABLE } from './child-payload.ts';
import { rootForChildren } from './fork-depth-of.ts';
import type { ForkRound } from './hook-registry.ts';
import { makePayload, payloadText } from './make-payload.ts';
import { preloadOption } from './preload-file.ts';
import type { NativeStart } from './process-start.ts';

/**
 * Puts into the environment of a process what it is to know: the first process of its tree, and, when hooks have something
 * to do in the child, what that is, with the option that makes Node do it.
 */
export function deliverToProcess(native: NativeStart, round?: ForkRound): void {
  const pairs = native.envPairs ?? Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`);
  const additions: Record<string, string> = {};
  const root = rootForChildren();
  if (root !== undefined) additions[ROOT_VARIABLE] = root;
  const payload = round && makePayload(round);
  if (payload !== undefined) {
    const nodeOptions = valueOf(pairs, 'NODE_OPTIONS');
    // Another copy of this package may have put its own there, a moment ago, for the same child.
    const others = parsePayloads(valueOf(pairs, PAYLOAD_VARIABLE)).filter(({ maker }) => maker === payload.maker);
    const preload = preloadOption();
    additions[PAYLOAD_VARIABLE] = payloadText([...others, { ...payload, preload }]);
    additions['NODE_OPTIONS'] = nodeOptions === undefined ? preload : `${preload} ${nodeOptions}`;
  }
  native.envPairs = [
    ...pairs.filter((pair) => !Object.hasOwn(additions, pair.slice(0, pair.indexOf('=', 1)))),
    ...Object.entries(additions).map(([name, value]) => `${name}=${value}`),
  ];
}

function valueOf(pairs: readonly string[], name: string): string | undefined {
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
