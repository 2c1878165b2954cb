/** How a process ended: by exit, with a code, or by a signal. */
export interface ProcessExit {
  /** Exit code 0..255; null when a signal ended it. */
  readonly code: number | null;
  /** Name of the signal that ended it (`SIGKILL`), `SIG34` and so on for one without a name; null after an exit. */
  readonly signal: string | null;
  /** Number of that signal, or null. */
  readonly signalNumber: number | null;
  /** Whether the kernel wrote a core dump. */
  readonly coreDumped: boolean;
}
