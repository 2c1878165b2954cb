import { platformConstants } from '@osx/native-ffi';

/** The flags of open(2) that node:fs does not tell; 0 for what the system does not have. */
export function flagNumbers(): { O_PATH: number; O_TMPFILE: number; O_CLOEXEC: number } {
  const numbers: { O_PATH?: number; O_TMPFILE?: number; O_CLOEXEC: number } = platformConstants();
  return { O_PATH: numbers.O_PATH ?? 0, O_TMPFILE: numbers.O_TMPFILE ?? 0, O_CLOEXEC: numbers.O_CLOEXEC };
}
