import { isDeviceName } from './windows-names.ts';

/** NAME_MAX of <limits.h>, and of every file system in use. */
export const NAME_MAX = 255;

export function mangled(path: string): string {
  const name = path.replaceAll(/[^A-Za-z0-9._-]/g, (byte) => (byte === '/' ? '+' : escaped(byte)));
  const from = /^[.-]/.test(name) || isDeviceName(name) ? 1 : 0;
  const head = from === 1 ? escaped(name.charAt(0)) + name.slice(1) : name;
  return head.endsWith('.') ? head.slice(0, -1) + escaped('.') : head;
}

/** The path of a mangled name; undefined for what {@link mangled} never makes. */
export function unmangled(name: string): string | undefined {
  const path = name
    .replaceAll('+', '/')
    .replaceAll(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return path.length > 0 && !path.includes('\0') && mangled(path) === name ? path : undefined;
}

function escaped(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
