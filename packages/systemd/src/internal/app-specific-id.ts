import { invalidArgType, invalidArgValue } from '@osx/errors';

/** What sd-id128(3) makes of an id for one application: a version 4 UUID as 32 digits, from which the id cannot be found. */
export function appSpecificId(id: string, application: Buffer): string {
  const { createHmac } = process.getBuiltinModule('node:crypto');
  const bytes = createHmac('sha256', Buffer.from(id, 'hex')).update(application).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex');
}

/** The 16 bytes of an application's id. */
export function checkApplicationId(applicationId: unknown): Buffer {
  if (applicationId instanceof Uint8Array) {
    if (applicationId.byteLength === 16) return Buffer.from(applicationId);
    throw invalidArgValue('applicationId', 'of 16 bytes', applicationId);
  }
  if (typeof applicationId !== 'string') {
    throw invalidArgType('applicationId', 'of type string or an instance of Uint8Array', applicationId);
  }
  if (!/^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(applicationId)) {
    throw invalidArgValue('applicationId', 'a UUID, or 32 hexadecimal digits', applicationId);
  }
  return Buffer.from(applicationId.replaceAll('-', ''), 'hex');
}
