import { onOneLine } from './shown.ts';

/** Columns with two spaces between them; none at the end of a line. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head.map((cell) => cell.toUpperCase()), ...rows.map((row) => row.map(onOneLine))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines
    .map((line) => line.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** The first column is code. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [
    head,
    head.map(() => '---'),
    ...rows.map((row) => row.map((cell, column) => (column === 0 ? code(cell) : prose(cell)))),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

/** East Asian wide characters and emoji take two columns of a terminal, marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

function prose(text: string): string {
  return onOneLine(text)
    .replaceAll(/[\\`*_{}[\]<>#|~$&]/g, '\\$&')
    .trim();
}

/** A backslash does not escape within code, but a bar ends the cell all the same, unless it has one. */
function code(text: string): string {
  const fence = '`'.repeat(1 + Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)));
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${onOneLine(text).replaceAll('|', '\\|')}${pad}${fence}`;
}
