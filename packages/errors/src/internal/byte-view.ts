/** Whether a value is a Uint8Array (a Buffer too) of any realm; never runs the value's own code. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return typedArrayTag(value) === 'Uint8Array';
}

/** A Buffer over the same bytes as the view. */
export function bufferOver(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}

/** `true` for a view whose buffer is gone (transferred) or has shrunk below it: its length then reads as a harmless 0. */
export function isOutOfBounds(view: ArrayBufferView): boolean {
  try {
    if (typedArrayTag(view) === undefined) return view.byteLength < 0;
    Uint8Array.prototype.at.call(view as Uint8Array, 0);
    return false;
  } catch {
    return true;
  }
}

function typedArrayTag(value: unknown): string | undefined {
  const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype) as object;
  return Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)?.get?.call(value) as string | undefined;
}
