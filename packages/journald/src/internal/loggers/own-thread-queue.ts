/**
 * The queue of who logs in his own thread, and does not wait: he keeps so much, within 32 MiB, and loses the oldest beyond.
 */
export const OWN_THREAD_QUEUE = { queueLimit: 100_000, whenFull: 'drop-oldest' } as const;
