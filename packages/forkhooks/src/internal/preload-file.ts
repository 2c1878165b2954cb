import { fileURLToPath } from 'node:url';

let file: string | undefined;

/** The path of `@osx/forkhooks/register`, which children load by `--require`. */
export function preloadFile(): string {
  file ??= fileURLToPath(import.meta.resolve('@osx/forkhooks/register'));
  return file;
}

/** The option as NODE_OPTIONS takes it. */
export function preloadOption(): string {
  return `--require="${preloadFile().replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
