import type { Wait } from './wait.ts';

/** Someone who takes entries. */
export interface Target {
  readonly kind: 'native' | 'syslog' | 'stderr';
  /**
   * Hands over one entry, whole, without waiting. After `full` the same entry comes again.
   *
   * @throws when nobody is there, or the entry cannot be handed over at all.
   */
  tryWrite(entry: Buffer): 'sent' | 'full';
  /** Calls back once, when there may be room again. */
  awaitRoom(callback: () => void): Wait;
  close(): void;
}
