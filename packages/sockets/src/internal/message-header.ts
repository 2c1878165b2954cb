import { addressOf } from './address-of.ts';
import { mostControlBytes } from './control-messages.ts';
import { iovec, msghdr } from './structs.ts';

/** What receives of up to this size need no memory of their own for. */
export const SCRATCH_BYTES = 64 * 1024;
/** More than any struct sockaddr_un: Linux may return one byte beyond it. */
const NAME_BYTES = 128;

/**
 * A struct msghdr with one iovec, and room for a name, control messages and data, made once per thread: the calls are
 * synchronous, so nobody else uses it between the filling and the reading.
 */
export class MessageHeader {
  /** The struct msghdr, to be passed to sendmsg(2) or recvmsg(2). */
  readonly bytes: Buffer;
  readonly #vector: Buffer;
  readonly #name = Buffer.allocUnsafeSlow(NAME_BYTES);
  readonly #control = Buffer.allocUnsafeSlow(mostControlBytes());
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  readonly #addresses: { readonly name: bigint; readonly control: bigint; readonly scratch: bigint };
  readonly #offsets: Readonly<Record<string, number>>;
  /** Keeps the caller's memory alive during the call: the kernel's pointer to it does not. */
  #data: Uint8Array | undefined;

  constructor() {
    this.#vector = Buffer.allocUnsafeSlow(iovec.size());
    this.#addresses = {
      name: addressOf(this.#name),
      control: addressOf(this.#control),
      scratch: addressOf(this.#scratch),
    };
    this.bytes = Buffer.allocUnsafeSlow(msghdr.size());
    this.bytes.set(msghdr.pack({ msg_iov: addressOf(this.#vector), msg_iovlen: 1n }));
    const { fields } = msghdr.layout();
    this.#offsets = Object.fromEntries(Object.entries(fields).map(([field, [, offset]]) => [field, offset]));
  }

  /** The memory of the last receive; see {@link prepareReceive}. */
  get data(): Uint8Array {
    return this.#data as Uint8Array;
  }

  prepareSend(data: Uint8Array, to: Uint8Array | undefined, control: Uint8Array): void {
    this.#setData(data, data.byteLength === 0 ? 0n : addressOf(data));
    if (to !== undefined) this.#name.set(to);
    this.#setName(to?.byteLength ?? 0);
    this.#control.set(control);
    this.#setControl(control.byteLength);
  }

  prepareReceive(maxBytes: number, controlBytes: number): void {
    if (maxBytes <= SCRATCH_BYTES) {
      this.#setData(this.#scratch.subarray(0, maxBytes), this.#addresses.scratch);
    } else {
      const data = Buffer.allocUnsafeSlow(maxBytes);
      this.#setData(data, addressOf(data));
    }
    this.#setName(NAME_BYTES);
    this.#setControl(controlBytes);
  }

  /** What the kernel wrote as the sender's address. */
  receivedName(): Buffer {
    return this.#name.subarray(0, Math.min(this.#readUint32('msg_namelen'), NAME_BYTES));
  }

  receivedControl(): Buffer {
    return this.#control.subarray(0, this.#readUint32('msg_controllen'));
  }

  receivedFlags(): number {
    return this.#readUint32('msg_flags');
  }

  /** The first `count` bytes of what came in, in memory that is the caller's. */
  takeData(count: number): Buffer {
    const data = this.data;
    this.#data = undefined;
    if (count === data.byteLength && data.buffer !== this.#scratch.buffer) return data as Buffer;
    return Buffer.from(data.subarray(0, count));
  }

  /** Lets go of the caller's memory. */
  release(): void {
    this.#data = undefined;
  }

  #setData(data: Uint8Array, address: bigint): void {
    this.#data = data;
    this.#vector.writeBigUInt64LE(address, 0);
    this.#vector.writeBigUInt64LE(BigInt(data.byteLength), 8);
  }

  #setName(byteLength: number): void {
    this.#writeUint64('msg_name', byteLength === 0 ? 0n : this.#addresses.name);
    this.bytes.writeUInt32LE(byteLength, this.#offsets['msg_namelen']);
  }

  #setControl(byteLength: number): void {
    this.#writeUint64('msg_control', byteLength === 0 ? 0n : this.#addresses.control);
    this.#writeUint64('msg_controllen', BigInt(byteLength));
  }

  #writeUint64(field: string, value: bigint): void {
    this.bytes.writeBigUInt64LE(value, this.#offsets[field]);
  }

  #readUint32(field: string): number {
    return this.bytes.readUInt32LE(this.#offsets[field]);
  }
}

let header: MessageHeader | undefined;

export function messageHeader(): MessageHeader {
  header ??= new MessageHeader();
  return header;
}
