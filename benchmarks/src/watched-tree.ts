import { closeSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How large the tree is, and what happens in it. */
export interface TreeSize {
  readonly files: number;
  readonly directories: number;
  readonly creations: number;
  /** Of making a path and writing at once; of renaming a directory and writing at once. */
  readonly rounds: number;
}

/** Directories are ten to a parent: `0/0`, `1/0` ... `9/0`, `0/1` ... */
export class WatchedTree {
  readonly root: string;
  readonly #size: TreeSize;

  constructor(root: string, size: TreeSize) {
    this.root = root;
    this.#size = size;
    for (let index = 0; index < size.directories; index += 1) mkdirSync(this.#directory(index), { recursive: true });
    // There before the watching begins: each round below is then a case of its own.
    mkdirSync(join(root, 'nest'));
    this.#create('file', size.files);
  }

  /** New files, one directory after the other as an archive is unpacked, as fast as this process can. */
  create(tag: string): void {
    this.#create(tag, this.#size.creations);
  }

  /** `mkdir -p` of three levels and a file in the last, at once. */
  makePaths(): void {
    for (let round = 0; round < this.#size.rounds; round += 1) {
      mkdirSync(join(this.root, 'nest', `path-${round}/b/c`), { recursive: true });
      writeFileSync(join(this.root, 'nest', `path-${round}/b/c/first`), '');
    }
  }

  /** Another file into each of them. */
  addToPaths(): void {
    for (let round = 0; round < this.#size.rounds; round += 1) {
      writeFileSync(join(this.root, 'nest', `path-${round}/b/c/second`), '');
    }
  }

  /** The directories get a new name, and below it a file, at once. */
  renamePaths(): void {
    for (let round = 0; round < this.#size.rounds; round += 1) {
      renameSync(join(this.root, 'nest', `path-${round}`), join(this.root, 'nest', `moved-path-${round}`));
      writeFileSync(join(this.root, 'nest', `moved-path-${round}/b/c/third`), '');
    }
  }

  #create(tag: string, count: number): void {
    const { directories } = this.#size;
    for (let index = 0; index < count; index += 1) {
      const directory = this.#directory(Math.floor((index * directories) / count));
      closeSync(openSync(join(directory, `${tag}-${index}`), 'wx'));
    }
  }

  #directory(index: number): string {
    return join(this.root, String(index % 10), String(Math.floor(index / 10)));
  }
}
