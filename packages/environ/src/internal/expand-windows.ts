import type { Variables } from './evaluate-template.ts';

/**
 * `%NAME%` as ExpandEnvironmentStrings of Windows has it: no escapes, and where a name is not set its second `%` may begin
 * the next one.
 */
export function expandWindows(text: string, variables: Variables): string {
  let expanded = '';
  let index = 0;
  for (;;) {
    const start = text.indexOf('%', index);
    const end = start === -1 ? -1 : text.indexOf('%', start + 1);
    if (end === -1) return expanded + text.slice(index);
    expanded += text.slice(index, start);
    const name = text.slice(start + 1, end);
    const value = name === '' ? undefined : variables.lookUp(name);
    const source = text.slice(start, end + 1);
    const shown = value ?? (name === '' ? source : variables.undefinedText(name, source, start));
    const isKept = value === undefined && shown === source;
    expanded += isKept ? text.slice(start, end) : shown;
    index = isKept ? end : end + 1;
  }
}
