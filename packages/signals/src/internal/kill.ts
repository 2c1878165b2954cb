import { withSystemErrors } from '@osx/errors';

/** `kill(2)` by Node, which takes any number of a signal; fails with a `SystemError`. */
export function kill(target: number, number: number): void {
  withSystemErrors(() => process.kill(target, number));
}
