import { openSignalSource } from './signal-source.ts';
import type { SignalSource } from './signal-source.ts';
import { nameOf } from './signal-names.ts';

/** Takes a signal; must not throw. */
export type Receive = (name: string, number: number) => void;

/** Where signals go while it is open. */
export interface SignalRoute {
  /**
   * `handler`: each gets every signal. `scope`: only the innermost one that names the signal gets it. `shutdown`: is a
   * scope towards scopes, but all shutdowns get the signal together, for none outlives another.
   */
  readonly kind: 'handler' | 'scope' | 'shutdown';
  readonly receivers: ReadonlyMap<number, Receive>;
  isOpen: boolean;
}

interface SignalState {
  readonly source: SignalSource;
  readonly handlers: Set<SignalRoute>;
  readonly scopes: Set<SignalRoute>;
}

const states = new Map<number, SignalState>();

/** Opens a route for all its signals, or, when one cannot be listened to, for none of them. */
export function openRoute(route: SignalRoute): void {
  route.isOpen = true;
  try {
    for (const number of route.receivers.keys()) routesOf(stateOf(number), route).add(route);
  } catch (error) {
    closeRoute(route);
    throw error;
  }
}

/** No signal is received after this, not even one that is being handed out. Idempotent. */
export function closeRoute(route: SignalRoute): void {
  route.isOpen = false;
  for (const number of route.receivers.keys()) {
    const state = states.get(number);
    if (state === undefined) continue;
    routesOf(state, route).delete(route);
    if (state.handlers.size + state.scopes.size > 0) continue;
    states.delete(number);
    state.source.close();
  }
}

function stateOf(number: number): SignalState {
  let state = states.get(number);
  if (state === undefined) {
    const source = openSignalSource(number, () => handOut(number));
    states.set(number, (state = { source, handlers: new Set(), scopes: new Set() }));
  }
  return state;
}

function routesOf(state: SignalState, { kind }: SignalRoute): Set<SignalRoute> {
  return kind === 'handler' ? state.handlers : state.scopes;
}

/** To the routes that were open when the signal came and are still open at their turn. */
function handOut(number: number): void {
  const state = states.get(number);
  if (state === undefined) return;
  const name = nameOf(number);
  const handlers = [...state.handlers];
  const scopes = [...state.scopes];
  for (const route of handlers) receive(route, name, number);
  const open = scopes.filter((route) => route.isOpen);
  const innermost = open.at(-1);
  if (innermost?.kind !== 'shutdown') return innermost && receive(innermost, name, number);
  for (const route of open.toReversed()) if (route.kind === 'shutdown') receive(route, name, number);
}

function receive(route: SignalRoute, name: string, number: number): void {
  if (route.isOpen) route.receivers.get(number)?.(name, number);
}
