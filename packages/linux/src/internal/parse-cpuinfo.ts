import type { CpuProcessor, Cpuinfo } from '../proc/cpuinfo.ts';
import { parseAmount, parseColonLines } from './proc-text.ts';

/** Reads /proc/cpuinfo: a paragraph for each processor; one without a number is of the whole machine. */
export function parseCpuinfo(text: string): Cpuinfo {
  const processors: CpuProcessor[] = [];
  const common = new Map<string, string>();
  for (const paragraph of text.split(/\n\s*\n/)) {
    const fields = parseColonLines(paragraph);
    const processor = integer(fields.get('processor'));
    if (processor !== undefined) processors.push(parseProcessor(processor, fields));
    else for (const [name, value] of fields) common.set(name, value);
  }
  return { processors, fields: common };
}

function parseProcessor(processor: number, fields: ReadonlyMap<string, string>): CpuProcessor {
  const number = (name: string): number | undefined => integer(fields.get(name));
  return {
    processor,
    vendorId: fields.get('vendor_id'),
    modelName: fields.get('model name'),
    cpuFamily: number('cpu family'),
    model: number('model'),
    stepping: number('stepping'),
    mhz: decimal(fields.get('cpu MHz')),
    cacheSizeBytes: parseAmount(fields.get('cache size')),
    physicalId: number('physical id'),
    coreId: number('core id'),
    cpuCores: number('cpu cores'),
    siblings: number('siblings'),
    bogomips: decimal(fields.get('bogomips') ?? fields.get('BogoMIPS')),
    flags: words(fields.get('flags') ?? fields.get('Features')),
    bugs: words(fields.get('bugs')),
    implementer: number('CPU implementer'),
    architecture: number('CPU architecture'),
    variant: number('CPU variant'),
    part: number('CPU part'),
    revision: number('CPU revision'),
    fields,
  };
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : undefined;
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== '') ?? [];
}
