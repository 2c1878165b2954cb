import { parseSync } from 'oxc-parser';

export interface ModuleImport {
  specifier: string;
  line: number;
  /** How the module reaches the other one. `type` leaves no trace at run time. */
  kind: 'static' | 'dynamic' | 'require' | 'type';
}

export interface ModuleFacts {
  imports: ModuleImport[];
  /** Every string literal that is not the source of an import, with its line. */
  strings: { value: string; line: number }[];
  usingLines: number[];
  topLevelAwaitLines: number[];
  /** Lines of top-level statements other than `export { a, b } from './x.ts'`. */
  linesOtherThanReExports: number[];
  startsWithDocblock: boolean;
  /** Has a function or class, that is: more than a table of data. */
  hasCode: boolean;
  syntaxErrors: string[];
}

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

/** `require`, `nodeRequire`, esbuild's `require2`, `createRequire(...)`, each also with `.resolve`. */
const REQUIRE = /^(?:\w*require\d*|createRequire\(.*\))(?:\.resolve)?$/is;
const FUNCTION_TYPES = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Reads from a TypeScript module what the checks ask about; comments and strings cannot fool it. */
export function parseModule(file: string, source: string): ModuleFacts {
  const { program, errors, comments } = parseSync(file, source);
  const lineOf = lineCounter(source);
  const facts: ModuleFacts = {
    imports: [],
    strings: [],
    usingLines: [],
    topLevelAwaitLines: [],
    linesOtherThanReExports: [],
    startsWithDocblock: startsWithDocblock(source, comments[0]),
    hasCode: false,
    syntaxErrors: errors.map((error) => error.message),
  };

  const visit = (node: Node, insideFunction: boolean): void => {
    const line = lineOf(node.start);
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration': {
        const from = stringValue(node['source']);
        if (from !== undefined)
          facts.imports.push({ specifier: from, line, kind: isTypeOnly(node) ? 'type' : 'static' });
        if (node.type === 'ImportDeclaration' || from !== undefined) return;
        break;
      }
      case 'ImportExpression': {
        const from = stringValue(node['source']);
        if (from !== undefined) facts.imports.push({ specifier: from, line, kind: 'dynamic' });
        break;
      }
      case 'TSImportType': {
        const from = stringValue(node['source']) ?? stringValue(node['argument']);
        if (from !== undefined) facts.imports.push({ specifier: from, line, kind: 'type' });
        return;
      }
      case 'CallExpression': {
        const callee = node['callee'] as Node;
        const from = stringValue((node['arguments'] as unknown[])[0]);
        const calleeText = source.slice(callee.start, callee['end'] as number);
        if (from !== undefined && REQUIRE.test(calleeText)) {
          facts.imports.push({ specifier: from, line, kind: 'require' });
        }
        break;
      }
      case 'VariableDeclaration':
        if (node['kind'] === 'using' || node['kind'] === 'await using') facts.usingLines.push(line);
        if (node['kind'] === 'await using' && !insideFunction) facts.topLevelAwaitLines.push(line);
        break;
      case 'AwaitExpression':
        if (!insideFunction) facts.topLevelAwaitLines.push(line);
        break;
      case 'ForOfStatement':
        if (node['await'] === true && !insideFunction) facts.topLevelAwaitLines.push(line);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        facts.hasCode = true;
        break;
      case 'Literal':
        if (typeof node['value'] === 'string') facts.strings.push({ value: node['value'], line });
        break;
    }
    const entersFunction = FUNCTION_TYPES.has(node.type);
    if (entersFunction) facts.hasCode = true;
    for (const child of childNodes(node)) visit(child, insideFunction || entersFunction);
  };

  for (const statement of program.body as unknown as Node[]) {
    const reExport = statement.type === 'ExportNamedDeclaration' && stringValue(statement['source']) !== undefined;
    if (!reExport) facts.linesOtherThanReExports.push(lineOf(statement.start));
    visit(statement, false);
  }
  return facts;
}

function isTypeOnly(node: Node): boolean {
  return node['importKind'] === 'type' || node['exportKind'] === 'type';
}

function stringValue(node: unknown): string | undefined {
  const literal = node as { type?: string; value?: unknown; literal?: unknown } | null | undefined;
  if (literal?.type === 'TSLiteralType') return stringValue(literal.literal);
  return literal?.type === 'Literal' && typeof literal.value === 'string' ? literal.value : undefined;
}

function childNodes(node: Node): Node[] {
  const children: Node[] = [];
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof item === 'object' && item !== null && typeof (item as Node).type === 'string') {
        children.push(item as Node);
      }
    }
  }
  return children;
}

function startsWithDocblock(
  source: string,
  first: { type: string; value: string; start: number } | undefined,
): boolean {
  if (first === undefined) return false;
  return first.type === 'Block' && first.value.startsWith('*') && source.slice(0, first.start).trim() === '';
}

function lineCounter(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
