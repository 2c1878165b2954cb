/** How the command ends. The README has the same table. Above 64 they are those of sysexits.h and of the shell. */
export const EXIT = {
  done: 0,
  nobody: 1,
  usage: 2,
  held: 3,
  notAPidfile: 4,
  timeout: 5,
  unsupported: 69,
  internal: 70,
  system: 71,
  noPermission: 77,
  cannotExecute: 126,
  commandNotFound: 127,
} as const;
