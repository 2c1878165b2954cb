import { fileURLToPath } from 'node:url';

/** Where package.json, packages/ and tooling/ are. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));
