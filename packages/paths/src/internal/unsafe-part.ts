import { isDeviceName } from './windows-names.ts';

interface Rules {
  readonly platform: 'posix' | 'win32';
  readonly allowBackslash: boolean;
}

/** Why a name of an archive may not be used, in words; undefined when it may. */
export function unsafePart(name: string, { platform, allowBackslash }: Rules): string | undefined {
  if (name === '') return 'it is empty';
  if (name.includes('\0')) return 'it contains NUL';
  // C1 controls are two bytes in UTF-8.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0001-\u001f\u007f]|\u00c2[\u0080-\u009f]/.test(name)) return 'it contains a control character';
  if (name.startsWith('/')) return 'it is absolute';
  // "./C:x" is "C:x" when it is joined.
  if (/^(?:\.?\/)*[A-Za-z]:/.test(name)) return 'it begins with a drive letter';
  if (!allowBackslash && name.includes('\\')) {
    return name.startsWith('\\') ? 'it is absolute on Windows' : 'a backslash separates names on Windows';
  }
  const parts = name.split('/');
  if (parts.includes('..')) return "'..' leads out of the destination";
  return platform === 'win32' ? parts.map(unfitForWindows).find((fault) => fault !== undefined) : undefined;
}

function unfitForWindows(part: string): string | undefined {
  if (part === '' || part === '.') return undefined;
  if (isDeviceName(part)) return 'Windows takes it for a device';
  if (/[<>:"|?*]/.test(part)) return 'Windows does not allow one of its characters in names';
  if (/[. ]$/.test(part)) return 'Windows drops the dot or space at the end of a name';
  return undefined;
}
