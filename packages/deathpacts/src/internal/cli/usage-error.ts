/** The command line is wrong: what is said of it, in one line. */
export class UsageError extends Error {}
