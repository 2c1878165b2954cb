import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { FileMode, type OpenLanguage } from '@osx/filemodes';
import { platformConstants } from '@osx/native-ffi';
import { needs, runTool, temporaryDirectory } from '@osx/test-support';

import { words } from './fixtures/open-words.ts';

const { O_CLOEXEC } = platformConstants();

const others = ['', '+', 'b', 'rr', 'r++', 'rw', 'rbt', 'U', 'rU', 'ws', 'asx', 'r ', 'x+s', 'sw', 'wxx', 'xaw'];

/** Words of all three languages, and others that look like them. */
const candidates = [
  ...new Set([...words('python'), ...words('node'), ...words('c').filter((word) => word.length < 5), ...others]),
];

describe('the flags of every word, asked of the language itself', () => {
  needs('python3').test('Python: what open() gives to its opener, which takes exactly our words', () => {
    const script = `
import json, os, sys
def flags(word):
    given = []
    def opener(path, flags):
        given.append(flags)
        return os.open(os.devnull, os.O_RDWR)
    try:
        open('/dev/null', word, opener=opener).close()
    except ValueError:
        return None
    except OSError:
        pass # a device cannot be read and written through one buffer, which is found out after the opening
    return given[0]
json.dump([flags(word) for word in json.load(sys.stdin)], sys.stdout)`;
    const answers = JSON.parse(runTool('python3', ['-c', script], { input: JSON.stringify(candidates) })) as unknown[];
    expect(answers).toEqual(candidates.map((word) => withCloseOnExec(flagsOf(word, 'python'))));
  });

  test('Node: what fs.open makes of it, which takes exactly our words', () => {
    const script = `
const { stringToFlags } = require('internal/fs/utils');
const flags = (word) => { try { return stringToFlags(word); } catch { return null; } };
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(flags)));`;
    const stdout = execFileSync(process.execPath, ['--expose-internals', '-e', script, JSON.stringify(candidates)], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toEqual(candidates.map((word) => flagsOf(word, 'node')));
  });

  needs('gcc', 'strace').test('C: what fopen gives to open(2)', () => {
    using directory = temporaryDirectory('fopen');
    const source = `
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\\n")] = 0;
    unlink("file");
    if (line[0] == 'r') { FILE *made = fopen("file", "w"); fclose(made); }
    FILE *file = fopen("./file", line);
    if (file) fclose(file);
  }
}`;
    const program = join(directory.path, 'fopen');
    runTool('gcc', ['-x', 'c', '-', '-o', program], { input: source });
    const known = words('c');
    const log = join(directory.path, 'log');
    runTool('strace', ['-e', 'trace=open,openat', '-X', 'raw', '-o', log, program], {
      input: `${known.join('\n')}\n`,
      cwd: directory.path,
    });
    const flags = Array.from(readFileSync(log, 'utf8').matchAll(/"\.\/file", (0x[0-9a-f]+|0)/g), ([, hex]) =>
      Number(hex),
    );
    expect(flags).toHaveLength(known.length);
    expect(flags).toEqual(known.map((word) => flagsOf(word, 'c')));
  });

  needs('linux').test('what is open has in /proc what the mode says', () => {
    using directory = temporaryDirectory('opened');
    const path = join(directory.path, 'file');
    writeFileSync(path, '');
    for (const word of ['r', 'r+', 'w', 'w+', 'a', 'a+', 'rs+', 'as']) {
      const mode = FileMode.parse(word);
      const fd = openSync(path, mode.toFlags());
      try {
        const flags = /^flags:\t([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
        // The kernel keeps nothing of how the file came to be, and Node opens all close-on-exec.
        const kept = mode.with({ create: false, truncate: false, closeOnExec: true });
        expect(FileMode.fromFlags(Number.parseInt(flags as string, 8)).equals(kept), word).toBe(true);
      } finally {
        closeSync(fd);
      }
    }
  });
});

/** JSON knows no undefined. */
function flagsOf(word: string, language: OpenLanguage): number | null {
  try {
    return FileMode.parse(word, { language }).toFlags();
  } catch {
    return null;
  }
}

function withCloseOnExec(flags: number | null): number | null {
  return flags === null ? null : flags | O_CLOEXEC;
}
