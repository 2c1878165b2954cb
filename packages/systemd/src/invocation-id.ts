import { invalidEnvironment } from './internal/invalid-environment.ts';

/**
 * The id of this run of the service, as the journal's `_SYSTEMD_INVOCATION_ID`: 32 hexadecimal digits.
 *
 * **Gotchas**: children inherit `$INVOCATION_ID`, and a shell in a service, or a desktop session, may have one too.
 *
 * @returns null when `$INVOCATION_ID` is not set: no service of systemd.
 * @throws {SystemError} `ERR_OSX_INVALID_ENVIRONMENT` when it is no id.
 */
export function invocationId(): string | null {
  const text = process.env['INVOCATION_ID'];
  if (text === undefined) return null;
  if (/^[0-9a-f]{32}$/i.test(text) && /[^0]/.test(text)) return text.toLowerCase();
  throw invalidEnvironment('INVOCATION_ID', '32 hexadecimal digits, not all 0');
}
