/** What the launcher is told, once it may go on: a line of JSON. */
export interface LaunchPlan {
  readonly file: string;
  readonly argv: readonly string[];
  /** Becomes that user and group first, as child_process does. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** The signal to arm; undefined leaves it to the guardian. */
  readonly deathSignal: number | undefined;
  /** Who must still be the parent then. */
  readonly parentPid: number;
  /** The descriptors that the program gets, as far as they are open. */
  readonly fds: readonly number[];
  /** The program's environment, where the launcher has more rights than the program and must not be told by it what to load. */
  readonly environment: Readonly<Record<string, string>> | undefined;
  /** What of the program's environment was kept from the launcher. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** What the launcher answers when it cannot become the program; otherwise the channel just ends. */
export interface LaunchFailure {
  readonly errno: number;
}

/** What would make the launcher, which is a Node, do more than launching. */
export const HIDDEN_VARIABLES = [
  'NODE_OPTIONS',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'NODE_V8_COVERAGE',
  'NODE_COMPILE_CACHE',
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
] as const;

/** Under which name the launcher gets them. */
export function hiddenName(variable: string): string {
  return `OSX_DEATHPACT_HIDDEN_${variable}`;
}
