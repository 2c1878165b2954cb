/** A syslog priority in an entry: one digit, 0 to 7. */
export function parseEntryPriority(value: Buffer | undefined): number | undefined {
  const digit = value?.length === 1 ? (value[0] as number) - 0x30 : -1;
  return digit >= 0 && digit <= 7 ? digit : undefined;
}
