/** How the command itself ends; otherwise it ends as COMMAND does. The README has the same table. */
export const EXIT = {
  done: 0,
  usage: 2,
  unsupported: 69,
  internal: 70,
  system: 71,
  cannotExecute: 126,
  commandNotFound: 127,
} as const;
