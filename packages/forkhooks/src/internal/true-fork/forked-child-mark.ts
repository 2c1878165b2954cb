let isChild = false;

/** Whether this process is the child of a fork(2) made here. */
export function isForkedChild(): boolean {
  return isChild;
}

/** Said once, in the child. */
export function markForkedChild(): void {
  isChild = true;
}
