const ASSIGNMENT = /[ \t]*([A-Za-z_][A-Za-z0-9_]*)=/y;
const LITERAL = /[^\\'" \t\r\n]+/y;
const BLANKS = /[ \t]+/y;
/** Up to the closing quote; a backslash takes the next character with it. */
const DOUBLE_QUOTED = /"([^"\\]*(?:\\[^][^"\\]*)*)"/y;
const SINGLE_QUOTED = /'([^']*)'/y;

/**
 * Reads the assignments of a file that a POSIX shell could source, by the shell's rules for quotes, backslashes and
 * comments and without any expansion. Where the shell would fail, the text stands for itself: what is no assignment is
 * passed over, and a quote that nothing closes is a character.
 */
export function parseAssignments(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  while (position < text.length) {
    const [assignment, name] = matchAt(ASSIGNMENT, text, position) ?? [];
    if (assignment === undefined || name === undefined) {
      position = lineEnd(text, position) + 1;
      continue;
    }
    const { value, end } = readValue(text, position + assignment.length);
    fields.set(name, value);
    position = end;
  }
  return fields;
}

/** The value that starts here, and where the next line starts. */
function readValue(text: string, start: number): { value: string; end: number } {
  let value = '';
  let position = start;
  while (position < text.length && !isLineEnd(text, position)) {
    const { written, length } = readPiece(text, position);
    if (length === 0) return { value, end: lineEnd(text, position) + 1 };
    value += written;
    position += length;
  }
  return { value, end: lineEnd(text, position) + 1 };
}

/** One piece of a word and the length of its source; a length of 0 where nothing but blanks and a comment follows. */
function readPiece(text: string, position: number): { written: string; length: number } {
  const [literal] = matchAt(LITERAL, text, position) ?? [];
  if (literal !== undefined) return { written: literal, length: literal.length };
  const [blanks] = matchAt(BLANKS, text, position) ?? [];
  if (blanks !== undefined) {
    const next = position + blanks.length;
    const isLast = next >= text.length || text[next] === '#' || isLineEnd(text, next);
    return { written: blanks, length: isLast ? 0 : blanks.length };
  }
  const [single, verbatim] = matchAt(SINGLE_QUOTED, text, position) ?? [];
  if (single !== undefined) return { written: verbatim ?? '', length: single.length };
  const [double, escaped = ''] = matchAt(DOUBLE_QUOTED, text, position) ?? [];
  if (double !== undefined) return { written: unescapeDoubleQuoted(escaped), length: double.length };
  const character = text[position] as string;
  const next = text[position + 1];
  if (character !== '\\' || next === undefined) return { written: character, length: 1 };
  return { written: next === '\n' ? '' : next, length: 2 };
}

/** Within double quotes a backslash is special before these five only. */
function unescapeDoubleQuoted(text: string): string {
  return text.replaceAll(/\\([$`"\\\n])/g, (_, character: string) => (character === '\n' ? '' : character));
}

function isLineEnd(text: string, position: number): boolean {
  if (text[position] === '\n') return true;
  return text[position] === '\r' && (text[position + 1] === '\n' || position + 1 === text.length);
}

function lineEnd(text: string, position: number): number {
  const end = text.indexOf('\n', position);
  return end === -1 ? text.length : end;
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
