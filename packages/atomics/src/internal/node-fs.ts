/**
 * `node:fs`, which every Node program has loaded already. An `import` of it costs 2 ms more at the start: it reads every
 * export, and so loads the promises, the streams and the watchers behind them.
 */
export const fs = process.getBuiltinModule('node:fs');
