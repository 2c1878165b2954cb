import { parseSync } from 'oxc-parser';

/** A piece of documentation that claims to run. */
export interface Snippet {
  file: string;
  /** Where its first line stands in the file, so that errors name the place. */
  line: number;
  code: string;
  /** What it must print, where the documentation shows it. */
  expectedOutput?: string;
}

interface Fence {
  language: string;
  line: number;
  lines: string[];
  /** Line after the closing fence. */
  nextLine: number;
}

/** The ```` ```ts run ```` blocks of a Markdown text, each with the ```` ```text output ```` block directly after it. */
export function readmeSnippets(file: string, markdown: string): Snippet[] {
  const lines = markdown.split('\n');
  return withOutputs(file, lines, fences(lines), (language) => language === 'ts run');
}

/** The ```` ```ts ```` blocks below `@example` in the docblocks of a source file. */
export function docblockSnippets(file: string, source: string): Snippet[] {
  const { comments } = parseSync(file, source);
  return comments
    .filter((comment) => comment.type === 'Block' && comment.value.startsWith('*'))
    .flatMap((comment) => {
      const firstLine = source.slice(0, comment.start).split('\n').length;
      const text = comment.value.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
      // Blank lines in front keep the line numbers of the file.
      const lines = [...Array.from({ length: firstLine - 1 }, () => ''), ...text];
      const examples = fences(lines).filter((fence) => isBelowExample(lines, fence));
      return withOutputs(file, lines, examples, (language) => language === 'ts' || language === 'ts run');
    });
}

function withOutputs(file: string, lines: string[], found: Fence[], runs: (language: string) => boolean): Snippet[] {
  const snippets: Snippet[] = [];
  for (const [index, fence] of found.entries()) {
    if (!runs(fence.language)) continue;
    const snippet: Snippet = { file, line: fence.line, code: `${fence.lines.join('\n')}\n` };
    const next = found[index + 1];
    if (next?.language === 'text output' && isBlank(lines, fence.nextLine, next.line - 1)) {
      snippet.expectedOutput = next.lines.map((line) => `${line}\n`).join('');
    }
    snippets.push(snippet);
  }
  return snippets;
}

/** Fenced blocks, in order. `line` is the number (from 1) of the first line inside. */
function fences(lines: string[]): Fence[] {
  const found: Fence[] = [];
  let open: { mark: string; indent: string; fence: Fence } | undefined;
  for (const [index, line] of lines.entries()) {
    const [, indent = '', mark = '', info = ''] = /^(\s*)(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (mark !== '') {
        open = { mark, indent, fence: { language: info.trim(), line: index + 2, lines: [], nextLine: index + 2 } };
      }
    } else if (mark.length >= open.mark.length && info.trim() === '') {
      open.fence.nextLine = index + 2;
      found.push(open.fence);
      open = undefined;
    } else {
      open.fence.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    }
  }
  return found;
}

function isBelowExample(lines: string[], fence: Fence): boolean {
  const tag = lines.slice(0, fence.line - 2).findLast((line) => /^@\w+/.test(line));
  return tag?.startsWith('@example') === true;
}

/** Whether the lines numbered from `from` up to, not with, `to` hold nothing. */
function isBlank(lines: string[], from: number, to: number): boolean {
  return lines.slice(from - 1, to - 1).every((line) => line.trim() === '');
}
