import { invalidArgValue, outOfRange } from '@osx/errors';

import type { ChildPayload } from './child-payload.ts';
import type { ForkRound } from './hook-registry.ts';
import { currentProcess, identityText } from './process-identity.ts';

/** Linux takes no environment variable of more than 128 KiB, its name included. */
const LIMIT_BYTES = 120_000;

/** What the child of this round is to call; undefined when it is nothing. */
export function makePayload({ event, entered }: ForkRound): ChildPayload | undefined {
  const { threadId } = process.getBuiltinModule('node:worker_threads');
  const calls = entered.flatMap(({ registration: { key, childCall }, data }) => {
    if (childCall === undefined) return [];
    checkJson(key, data);
    return [{ ...childCall, key: String(key), ...(data === undefined ? {} : { data }) }];
  });
  if (calls.length === 0) return undefined;
  const current = currentProcess();
  const maker = `${identityText(current)}/${threadId}`;
  return { maker, kind: event.kind, parent: { pid: current.pid, threadId }, calls };
}

function checkJson(key: string | symbol, data: unknown): void {
  try {
    JSON.stringify(data);
  } catch (cause) {
    throw invalidArgValue(`the result of beforeFork of ${String(key)}`, 'what JSON can say', data, { cause });
  }
}

/** Payloads, one a line. */
export function payloadText(payloads: readonly ChildPayload[]): string {
  const text = payloads.map((payload) => JSON.stringify(payload)).join('\n');
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMIT_BYTES) {
    throw outOfRange('the source of afterForkInChild with its data', `at most ${LIMIT_BYTES} bytes in all`, bytes);
  }
  return text;
}
