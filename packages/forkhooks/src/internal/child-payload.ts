import type { ForkKind } from '../fork-hook.ts';
import type { ChildCall } from './child-call.ts';

/** What a child must do before its own code, as its parent wrote it down for the preload. */
export interface ChildPayload {
  /** The thread that made it, so that it knows its own again. */
  readonly maker: string;
  readonly kind: ForkKind;
  readonly parent: { readonly pid: number; readonly threadId: number };
  readonly calls: readonly (ChildCall & { readonly key: string; readonly data?: unknown })[];
  /** In a process: what stands at the beginning of NODE_OPTIONS to bring the preload. */
  readonly preload?: string;
  /** In a Worker: what its own code is to find as `process.execArgv`. */
  readonly execArgv?: readonly string[];
}

/** The environment variable in which a process finds its payloads, a line each. */
export const PAYLOAD_VARIABLE = 'OSX_FORKHOOKS_CHILD';
/** The key of `worker.getEnvironmentData` under which a Worker finds its own. */
export const PAYLOAD_KEY = 'osx.forkhooks.child';
/** The environment variable that names the first process of the tree. */
export const ROOT_VARIABLE = 'OSX_FORKHOOKS_ROOT';

/** @returns None for what is no payload of ours. */
export function parsePayloads(text: string | undefined): ChildPayload[] {
  if (text === undefined) return [];
  try {
    return text
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
      .filter(isPayload);
  } catch {
    return [];
  }
}

function isPayload(value: unknown): value is ChildPayload {
  const { maker, calls } = (value ?? {}) as Partial<Record<keyof ChildPayload, unknown>>;
  return typeof maker === 'string' && Array.isArray(calls);
}
