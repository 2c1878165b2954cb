// "Naming Files, Paths, and Namespaces" of Microsoft's documentation, with the superscript digits that count as digits.
const DEVICES =
  /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)(?:[0-9]|\u00c2[\u00b9\u00b2\u00b3])) *(?:[.:]|$)/i;

/** Whether Windows takes a name for one of its devices, whatever directory it is in and whatever extension it has. */
export function isDeviceName(bytes: string): boolean {
  return DEVICES.test(bytes);
}
