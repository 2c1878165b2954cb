/** Where the file is looked for, in this order: the administrator's view of it, then the vendor's. */
export const OS_RELEASE_PATHS: readonly string[] = Object.freeze(['/etc/os-release', '/usr/lib/os-release']);
