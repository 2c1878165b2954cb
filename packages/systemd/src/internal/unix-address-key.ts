import { checkPath, invalidArgType, toBytes } from '@osx/errors';
import type { UnixAddress } from '@osx/sockets';

/** Equal for addresses of the same bytes, however they are written. */
export function unixAddressKey(name: string, address: UnixAddress): string {
  if (typeof address === 'object' && address !== null && 'abstract' in address) {
    const { abstract } = address;
    if (typeof abstract !== 'string' && !(abstract instanceof Uint8Array)) {
      throw invalidArgType(`${name}.abstract`, 'of type string or an instance of Uint8Array', abstract);
    }
    return `@${latin1(toBytes(`${name}.abstract`, abstract))}`;
  }
  return `/${latin1(toBytes(name, checkPath(name, address)))}`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
