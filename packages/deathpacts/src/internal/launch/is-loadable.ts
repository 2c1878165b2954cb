import { accessSync, closeSync, constants, openSync, readSync } from 'node:fs';

const HEAD_BYTES = 4096;
const ELF = 0x7f454c46;
// <elf.h>, of 64-bit little-endian files: both machines that there is a native layer for.
const CLASS_AND_ORDER = 0x0201;
const E_MACHINE = 18;
const E_PHOFF = 32;
const E_PHENTSIZE = 54;
const E_PHNUM = 56;
const PT_INTERP = 3;
const P_OFFSET = 8;
const P_FILESZ = 32;

let ownMachine: number | undefined;

/** Whether the kernel will surely load an executable file: an ELF file of this machine whose loader is there, or a script of one. */
export function isLoadable(path: string, { isInterpreter = false } = {}): boolean {
  const head = headOf(path);
  if (head.length < 64) return false;
  if (head.readUInt32BE(0) === ELF) return isLoadableElf(head);
  if (isInterpreter || head.toString('latin1', 0, 2) !== '#!') return false;
  const interpreter = /^#![ \t]*(\/[^ \t\n\0]*)[^\n\0]*\n/.exec(head.toString('latin1', 0, 256))?.[1];
  return interpreter !== undefined && isExecutable(interpreter) && isLoadable(interpreter, { isInterpreter: true });
}

function isLoadableElf(head: Buffer): boolean {
  if (head.readUInt16BE(4) !== CLASS_AND_ORDER || head.readUInt16LE(E_MACHINE) !== machine()) return false;
  const offset = Number(head.readBigUInt64LE(E_PHOFF));
  const size = head.readUInt16LE(E_PHENTSIZE);
  for (let index = 0; index < head.readUInt16LE(E_PHNUM); index += 1) {
    const start = offset + index * size;
    if (start + P_FILESZ + 8 > head.length) return false;
    if (head.readUInt32LE(start) === PT_INTERP) return isExecutable(nameAt(head, start));
  }
  return true;
}

function nameAt(head: Buffer, start: number): string {
  const offset = Number(head.readBigUInt64LE(start + P_OFFSET));
  const length = Number(head.readBigUInt64LE(start + P_FILESZ));
  return head.toString('latin1', offset, offset + length - 1);
}

function machine(): number {
  ownMachine ??= headOf('/proc/self/exe').readUInt16LE(E_MACHINE);
  return ownMachine;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Nothing of what may be executed but not read. */
function headOf(path: string): Buffer {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}
