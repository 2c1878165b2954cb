/** A resource limit of a process. */
export interface ProcLimit {
  /** null: unlimited. */
  readonly soft: bigint | null;
  readonly hard: bigint | null;
  /** `bytes`, `files`, `seconds`, `us` ...; empty for a limit that counts nothing. */
  readonly unit: string;
}
