import type { MutableEnviron } from '../environ.ts';

/** What a name was before a scope, innermost last. */
interface Frame {
  saved: string | undefined;
}

const open = new WeakMap<MutableEnviron, Map<string, Frame[]>>();

/**
 * Sets the values (`undefined`: not set) and gives the function that puts back what was.
 *
 * Scopes of one name may end in any order: one that ends below another hands its saved value up, so that after the last
 * one the name is as it was before the first.
 */
export function openScope(
  environ: MutableEnviron,
  values: Iterable<readonly [string, string | undefined]>,
): () => void {
  const undo: (() => void)[] = [];
  const close = (): void => {
    for (const step of undo.splice(0).toReversed()) step();
  };
  try {
    for (const [name, value] of values) undo.push(openName(environ, name, value));
  } catch (error) {
    close();
    throw error;
  }
  return close;
}

function openName(environ: MutableEnviron, name: string, value: string | undefined): () => void {
  const frame: Frame = { saved: Object.hasOwn(environ, name) ? environ[name] : undefined };
  write(environ, name, value);
  const names = open.get(environ) ?? new Map<string, Frame[]>();
  open.set(environ, names);
  const frames = names.get(name) ?? [];
  names.set(name, frames);
  frames.push(frame);
  return () => {
    const index = frames.indexOf(frame);
    const above = frames[index + 1];
    frames.splice(index, 1);
    if (frames.length === 0) names.delete(name);
    if (above === undefined) write(environ, name, frame.saved);
    else above.saved = frame.saved;
  };
}

/** `undefined` takes the name away; assigned to `process.env` it would be the text "undefined". */
export function write(environ: MutableEnviron, name: string, value: string | undefined): void {
  if (value === undefined) {
    if (!Reflect.deleteProperty(environ, name)) throw new TypeError(`Cannot delete the variable ${name}`);
    return;
  }
  if (name === '__proto__') {
    Object.defineProperty(environ, name, { value, writable: true, enumerable: true, configurable: true });
    return;
  }
  environ[name] = value;
}
