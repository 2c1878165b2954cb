import { lstatSync } from 'node:fs';

/**
 * Whether systemd is the init of this system (`sd_booted`), by the directory that only that one makes.
 *
 * **Gotchas**: a service does better to ask for what it needs: `notify()` says itself whether there is a manager. In a
 * container this is about the container.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_booted.html
 */
export function isBooted(): boolean {
  try {
    return lstatSync('/run/systemd/system', { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
