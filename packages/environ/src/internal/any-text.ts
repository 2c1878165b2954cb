import { VariableType } from '../variable-type.ts';

let type: VariableType<string> | undefined;

/** The type of a variable for which none was given. */
export function anyText(): VariableType<string> {
  type ??= new VariableType({
    kind: 'string',
    expected: 'a text',
    parse: (text) => ({ value: text }),
    format: (value) => (typeof value === 'string' ? value : undefined),
  });
  return type;
}
