import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which package stands on which layer, the lowest layer first. The one place where this is written down. */
export interface LayerTable {
  layers: string[];
  packages: Record<string, string>;
}

export const layerTableFile = 'tooling/repo-checks/layers.json';

export function readLayerTable(root: string): LayerTable {
  return JSON.parse(readFileSync(join(root, layerTableFile), 'utf8')) as LayerTable;
}
