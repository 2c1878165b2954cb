import { bootId } from './boot-id.ts';
import { appSpecificId, checkApplicationId } from './internal/app-specific-id.ts';

/**
 * An id of this boot for one application, as `appSpecificMachineId` is of this installation.
 *
 * @param applicationId A UUID that was made for the application once, as text or 16 bytes.
 * @returns 32 hexadecimal digits.
 * @throws As {@link bootId}; `TypeError` for what is no UUID.
 */
export function appSpecificBootId(applicationId: string | Uint8Array): string {
  const application = checkApplicationId(applicationId);
  return appSpecificId(bootId(), application);
}
