import { appSpecificId, checkApplicationId } from './internal/app-specific-id.ts';
import { machineId } from './machine-id.ts';
import type { MachineIdOptions } from './machine-id.ts';

/**
 * An id of this installation for one application: always the same, different for each application, and nobody finds the
 * machine id from it. It may be stored and sent.
 *
 * @param applicationId A UUID that was made for the application once (`systemd-id128 new`), as text or 16 bytes.
 * @returns 32 hexadecimal digits, of which a version 4 UUID can be made; as `systemd-id128 machine-id --app-specific` prints.
 * @throws As {@link machineId}; `TypeError` for what is no UUID.
 * @example
 * ```ts
 * import { appSpecificMachineId, machineId } from '@osx/systemd';
 *
 * const ourApplication = 'b1a1c9f0-4b6c-4d7e-9a43-5f5d2c1e8a77';
 * const isKnown = (): boolean => appSpecificMachineId(ourApplication) !== machineId();
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_id128_get_machine.html
 */
export function appSpecificMachineId(applicationId: string | Uint8Array, options: MachineIdOptions = {}): string {
  const application = checkApplicationId(applicationId);
  return appSpecificId(machineId(options), application);
}
