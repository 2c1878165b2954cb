import { checkAbortSignal, checkOptions, invalidArgType, invalidArgValue } from '@osx/errors';

import type { HandlerOptions, SignalHandler, SignalSubscription } from './handler-options.ts';
import { checkHandleable } from './internal/check-handleable.ts';
import { checkCallOptions, HandlerCalls } from './internal/handler-calls.ts';
import type { Receive } from './internal/signal-routes.ts';
import { Subscription } from './internal/subscription.ts';
import { raiseDefault } from './raise-default.ts';

/** What a scope does about a signal: call, nothing, or what the process would do if nobody handled it. */
export type ScopeAction = SignalHandler | 'ignore' | 'default';

/**
 * Takes signals over from the scopes around it, until it is closed.
 *
 * Of the open scopes that name a signal the one opened last gets it, and no other; {@link onSignal} handlers are called
 * besides, before it. Scopes close in any order. A `gracefulShutdown` counts as a scope: what is opened inside it can keep
 * SIGINT from ending the program for a while.
 *
 * **Platform** as {@link onSignal}.
 *
 * **Gotchas** The scopes are the process's, not the async function's: two that are open in concurrent tasks shadow each
 * other as well. `'default'` takes effect when the event loop is free, by `raiseDefault`. `'ignore'` is for this process:
 * a child still gets what the terminal sends to the whole group, and starts with the default.
 *
 * @param actions What to do, by name or number. A handler is called as one of {@link onSignal} is.
 * @returns The scope, to be closed.
 * @throws what {@link onSignal} throws; nothing is registered then.
 * @example
 * ```ts
 * import { signalScope } from '@osx/signals';
 *
 * {
 *   using _scope = signalScope({ SIGINT: 'ignore', SIGTERM: (name) => console.log(`${name}: after this step`) });
 *   // ... a step that must not be interrupted
 * }
 * ```
 */
export function signalScope(
  actions: Readonly<Record<string, ScopeAction>>,
  options?: HandlerOptions,
): SignalSubscription {
  const entries = Object.entries(checkOptions('actions', actions)) as [string, ScopeAction][];
  for (const [key, action] of entries) checkAction(`actions.${key}`, action);
  const callOptions = checkCallOptions('options', options);
  const signal = checkAbortSignal('options.signal', options?.signal);
  const numbers = checkHandleable(
    'actions',
    entries.map(([key]) => key),
  );
  if (numbers.length < entries.length)
    throw invalidArgValue('actions', 'an object that names each signal once', actions);

  const calls: HandlerCalls[] = [];
  const receivers = new Map<number, Receive>();
  for (const [index, [, action]] of entries.entries()) {
    const call = typeof action === 'function' ? new HandlerCalls(action, callOptions) : undefined;
    if (call !== undefined) calls.push(call);
    receivers.set(numbers[index] as number, call === undefined ? receiverOf(action) : (...args) => call.call(...args));
  }
  const whenClosed = (): void => {
    for (const call of calls) call.forgetWaiting();
  };
  return new Subscription('scope', receivers, { signal, whenClosed });
}

function receiverOf(action: unknown): Receive {
  return action === 'default' ? (_name, number) => raiseDefault(number) : () => {};
}

function checkAction(name: string, action: unknown): void {
  if (typeof action === 'function' || action === 'ignore' || action === 'default') return;
  const expected = "a function, 'ignore' or 'default'";
  throw typeof action === 'string' ? invalidArgValue(name, expected, action) : invalidArgType(name, expected, action);
}
