import { darwinErrno } from './darwin.ts';
import { freebsdErrno } from './freebsd.ts';
import { linuxErrno } from './linux.ts';
import { netbsdErrno } from './netbsd.ts';
import { openbsdErrno } from './openbsd.ts';

/** Both directions of one platform's errno.h; all numbers positive. */
export interface ErrnoTable {
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

const tables = new Map<string, ErrnoTable>();

/** The errno table of a platform, built at its first use; `undefined` for a platform that has none here. */
export function errnoTable(platform: string): ErrnoTable | undefined {
  const known = tables.get(platform);
  if (known !== undefined) return known;
  const entries = entriesOf(platform);
  if (entries === undefined) return undefined;
  const table = tableFrom(entries);
  tables.set(platform, table);
  return table;
}

function entriesOf(platform: string): [name: string, errno: number][] | undefined {
  switch (platform) {
    case 'linux':
    case 'android':
      return Object.entries(linuxErrno());
    case 'darwin':
      return Object.entries(darwinErrno());
    case 'freebsd':
      return Object.entries(freebsdErrno());
    case 'openbsd':
      return Object.entries(openbsdErrno());
    case 'netbsd':
      return Object.entries(netbsdErrno());
    default:
      return platform === process.platform ? hostEntries() : undefined;
  }
}

/** What Node itself knows of its host: the only source for Windows, AIX and SunOS. */
function hostEntries(): [name: string, errno: number][] {
  const util = process.getBuiltinModule('node:util');
  return [...util.getSystemErrorMap()].map(([errno, [name]]) => [name, -errno]);
}

function tableFrom(entries: [name: string, errno: number][]): ErrnoTable {
  const names = new Map<number, string>();
  for (const [name, errno] of entries) if (!names.has(errno)) names.set(errno, name);
  return { numbers: new Map(entries), names };
}
