/** The `code` of the error that a call throws, for tables of what goes wrong. */
export function codeThrownBy(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'nothing was thrown';
}
