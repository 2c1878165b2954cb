import { readFileSync } from 'node:fs';

/** ` = value` of a kernel setting for an error message, or nothing where procfs does not tell. */
export function readSysctl(name: string): string {
  try {
    return ` = ${readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'latin1').trim()}`;
  } catch {
    return '';
  }
}
