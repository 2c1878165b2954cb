const pending = new Set<() => void>();

/**
 * Runs `undo` when the process exits, unless the returned function is called first: a test file that ends early leaves
 * no mount, no child and no directory behind.
 */
export function undoAtExit(undo: () => void): () => void {
  if (pending.size === 0) process.once('exit', undoAll);
  pending.add(undo);
  return () => {
    pending.delete(undo);
    if (pending.size === 0) process.removeListener('exit', undoAll);
  };
}

function undoAll(): void {
  for (const undo of [...pending].toReversed()) {
    try {
      undo();
    } catch (error) {
      console.error('left behind at exit:', error);
    }
  }
  pending.clear();
}
