/** One logical processor of /proc/cpuinfo. What its architecture does not tell is undefined. */
export interface CpuProcessor {
  readonly processor: number;
  /** x86. */
  readonly vendorId: string | undefined;
  /** x86, and some arm64 kernels. */
  readonly modelName: string | undefined;
  /** x86. */
  readonly cpuFamily: number | undefined;
  /** x86. */
  readonly model: number | undefined;
  /** x86. */
  readonly stepping: number | undefined;
  /** x86: the clock of this moment, in MHz. */
  readonly mhz: number | undefined;
  /** x86: of the last level that belongs to one core or package, in bytes. */
  readonly cacheSizeBytes: number | undefined;
  /** x86: the package. */
  readonly physicalId: number | undefined;
  /** x86: the core within the package. */
  readonly coreId: number | undefined;
  /** x86: cores of the package. */
  readonly cpuCores: number | undefined;
  /** x86: logical processors of the package. */
  readonly siblings: number | undefined;
  readonly bogomips: number | undefined;
  /** What it can do: `flags` of x86, `Features` of arm64. */
  readonly flags: readonly string[];
  /** x86: known faults of the hardware. */
  readonly bugs: readonly string[];
  /** arm64: `CPU implementer`, 0x41 is Arm. */
  readonly implementer: number | undefined;
  /** arm64: `CPU architecture`. */
  readonly architecture: number | undefined;
  /** arm64: `CPU variant`. */
  readonly variant: number | undefined;
  /** arm64: `CPU part`. */
  readonly part: number | undefined;
  /** arm64: `CPU revision`. */
  readonly revision: number | undefined;
  /** Every line under the kernel's name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The processors that are online (/proc/cpuinfo). */
export interface Cpuinfo {
  readonly processors: readonly CpuProcessor[];
  /** Lines that belong to no processor (`Hardware`, `Serial` of some boards). */
  readonly fields: ReadonlyMap<string, string>;
}
