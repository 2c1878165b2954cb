const NODE_WARNING = /^\(node:\d+\)(?: \[[^\]]*\])? \w*Warning: .*$/gm;

/** Raises the Node warnings a child printed as warnings of this process, so that they fail the test run too. */
export function reportChildWarnings(file: string, stderr: string): void {
  for (const [line] of stderr.matchAll(NODE_WARNING)) process.emitWarning(`the fixture ${file} printed: ${line}`);
}
