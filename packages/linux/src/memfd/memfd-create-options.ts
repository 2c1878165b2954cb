/** Options of {@link memfdCreate}. */
export interface MemfdCreateOptions {
  /** MFD_ALLOW_SEALING: seals may be added; default false. A memfd with `exec: false` is sealable in any case. */
  sealable?: boolean | undefined;
  /**
   * Whether the content may be executed, decided for good (Linux 6.3): `true` is MFD_EXEC; `false` is MFD_NOEXEC_SEAL,
   * with which nobody can ever make it executable. Default: as the sysctl `vm.memfd_noexec` says, which is executable
   * on most systems and the only way before 6.3.
   */
  exec?: boolean | undefined;
  /**
   * MFD_HUGETLB (Linux 4.14): pages of hugetlbfs, of the default size (`true`) or of so many bytes, from the pool
   * (`vm.nr_hugepages`). Such a memfd is for `mmap`: write(2) on it is EINVAL, and its size a multiple of the page.
   */
  hugetlb?: boolean | number | undefined;
}
