import type { MountInfo, MountPropagation } from '../proc/mount-info.ts';
import { unescapeOctal } from './proc-text.ts';

/** Reads mountinfo as latin1; names stay bytes, each a character. What is no line of mountinfo is passed over. */
export function parseMountinfo(text: string): MountInfo[] {
  return text
    .split('\n')
    .map(parseLine)
    .filter((mount) => mount !== undefined);
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`; any field may be empty. */
function parseLine(line: string): MountInfo | undefined {
  const fields = line.split(' ');
  const separator = fields.indexOf('-', 6);
  if (separator === -1) return undefined;
  const [id, parentId, device = '', root = '', mountPoint = '', options = ''] = fields;
  const [major, minor] = device.split(':').map(Number);
  const optionalFields = fields.slice(6, separator);
  const [fsType = '', source = '', ...superOptions] = fields.slice(separator + 1);
  return {
    id: Number(id),
    parentId: Number(parentId),
    device: { major: major ?? 0, minor: minor ?? 0 },
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    options: optionList(options),
    propagation: propagation(optionalFields),
    optionalFields,
    fsType: unescapeOctal(fsType),
    source: unescapeOctal(source),
    superOptions: optionList(superOptions.join(' ')),
  };
}

/** A comma within an option is written as `\054`. */
function optionList(text: string): string[] {
  return text === '' ? [] : text.split(',').map(unescapeOctal);
}

function propagation(optionalFields: readonly string[]): MountPropagation {
  const group = (tag: string): number | undefined => {
    const field = optionalFields.find((text) => text.startsWith(`${tag}:`));
    return field === undefined ? undefined : Number(field.slice(tag.length + 1));
  };
  return {
    shared: group('shared'),
    master: group('master'),
    propagateFrom: group('propagate_from'),
    isUnbindable: optionalFields.includes('unbindable'),
  };
}
