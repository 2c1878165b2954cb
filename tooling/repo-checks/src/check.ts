#!/usr/bin/env node
import { writeFileSync } from 'node:fs';

import { buildCheck } from './checks/build.ts';
import { changesetsCheck } from './checks/changesets.ts';
import { distCheck } from './checks/dist.ts';
import { layersCheck } from './checks/layers.ts';
import { linksCheck } from './checks/links.ts';
import { machinePathsCheck } from './checks/machine-paths.ts';
import { orphanTestsCheck } from './checks/orphan-tests.ts';
import { packedCheck } from './checks/packed.ts';
import { readmeCheck } from './checks/readme.ts';
import { shapeCheck } from './checks/shape.ts';
import { formatCheck, lintCheck, typesCheck, unusedCheck } from './checks/tool-checks.ts';
import type { Check } from './check-definition.ts';
import { openRepository } from './repository.ts';
import { runChecks } from './run-checks.ts';
import { workspaceRoot } from './workspace-tools.ts';

const checks: readonly Check[] = [
  buildCheck,
  packedCheck,
  distCheck,
  readmeCheck,
  typesCheck,
  lintCheck,
  formatCheck,
  layersCheck,
  shapeCheck,
  orphanTestsCheck,
  changesetsCheck,
  machinePathsCheck,
  linksCheck,
  unusedCheck,
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(
    `osx-check: no such check: ${unknown.join(', ')}. There are: ${checks.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const repository = openRepository(workspaceRoot);
const chosen = wanted.length === 0 ? checks : checks.filter(({ name }) => wanted.includes(name));
const summary = await runChecks(chosen, repository, { concurrency: 2, print: (text) => console.log(text) });
console.log(`\n${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);

const summaryFile = process.env['OSX_CHECK_SUMMARY'];
if (summaryFile !== undefined && summaryFile !== '') writeFileSync(summaryFile, `${JSON.stringify(summary)}\n`);
process.exitCode = summary.failed > 0 ? 1 : 0;
