import { checkString } from '@osx/errors';

/**
 * What an os-release file says. An optional field that is missing or empty is undefined, or an empty list.
 *
 * Decide by {@link id}, {@link isLike} and {@link versionId}; show {@link prettyName}.
 *
 * @example
 * ```ts
 * import { readOsRelease } from '@osx/linux/os-release';
 *
 * const release = readOsRelease();
 * const installer = release.isLike('debian') ? 'apt-get' : release.isLike('fedora') ? 'dnf' : undefined;
 * console.log(release.prettyName, installer);
 * ```
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export class OsRelease {
  /** Every assignment of the file, known or not, as it stands there: the last one of a name. */
  readonly fields: ReadonlyMap<string, string>;
  /** The file it was read from; undefined for parsed text. */
  readonly path: string | undefined;

  /** ID: the distribution, for programs; `linux` where the file does not say. */
  readonly id: string;
  /** ID_LIKE: the distributions it descends from, the closest first. */
  readonly idLike: readonly string[];
  /** NAME: without the version; `Linux` where the file does not say. */
  readonly name: string;
  /** PRETTY_NAME: for people; `Linux` where the file does not say. */
  readonly prettyName: string;
  /** FANCY_NAME: as PRETTY_NAME, with ANSI escapes and more than ASCII. Print it to terminals only. */
  readonly fancyName: string | undefined;
  /** VERSION: for people. */
  readonly version: string | undefined;
  /** VERSION_ID: for programs; missing where releases roll. */
  readonly versionId: string | undefined;
  /** VERSION_CODENAME. */
  readonly versionCodename: string | undefined;
  /** VARIANT: the edition, for people. */
  readonly variant: string | undefined;
  /** VARIANT_ID: the edition, for programs. */
  readonly variantId: string | undefined;
  /** BUILD_ID: the image that the system was first installed from. */
  readonly buildId: string | undefined;
  /** IMAGE_ID: the image that the system is. */
  readonly imageId: string | undefined;
  /** IMAGE_VERSION. */
  readonly imageVersion: string | undefined;
  /** RELEASE_TYPE: `stable`, `lts`, `development`, `experiment`, or what else the vendor wrote. */
  readonly releaseType: string | undefined;
  /** EXPERIMENT: what is tried out, for people. */
  readonly experiment: string | undefined;
  /** EXPERIMENT_URL. */
  readonly experimentUrl: string | undefined;
  /** CPE_NAME. */
  readonly cpeName: string | undefined;
  /** HOME_URL. */
  readonly homeUrl: string | undefined;
  /** DOCUMENTATION_URL. */
  readonly documentationUrl: string | undefined;
  /** SUPPORT_URL. */
  readonly supportUrl: string | undefined;
  /** BUG_REPORT_URL. */
  readonly bugReportUrl: string | undefined;
  /** PRIVACY_POLICY_URL. */
  readonly privacyPolicyUrl: string | undefined;
  /** SUPPORT_END: the first day without support, at 0:00 UTC; undefined also where it is no date (see `fields`). */
  readonly supportEnd: Date | undefined;
  /** LOGO: the name of an icon. */
  readonly logo: string | undefined;
  /** ANSI_COLOR: what stands between `ESC [` and `m`. */
  readonly ansiColor: string | undefined;
  /** VENDOR_NAME. */
  readonly vendorName: string | undefined;
  /** VENDOR_URL. */
  readonly vendorUrl: string | undefined;
  /** DEFAULT_HOSTNAME. */
  readonly defaultHostname: string | undefined;
  /** ARCHITECTURE: as in ConditionArchitecture of systemd.unit(5): `x86-64`, `arm64`. */
  readonly architecture: string | undefined;
  /** SYSEXT_LEVEL: which system extensions fit. */
  readonly sysextLevel: string | undefined;
  /** SYSEXT_SCOPE, of an extension: `system`, `initrd`, `portable`. */
  readonly sysextScope: readonly string[];
  /** CONFEXT_LEVEL: which configuration extensions fit. */
  readonly confextLevel: string | undefined;
  /** CONFEXT_SCOPE, of an extension. */
  readonly confextScope: readonly string[];
  /** EXTENSION_RELOAD_MANAGER, of an extension: whether the service manager reloads when it is merged. */
  readonly extensionReloadManager: boolean | undefined;
  /** PORTABLE_PREFIXES: the names that services of a portable image may have. */
  readonly portablePrefixes: readonly string[];

  /** @internal */
  constructor(fields: ReadonlyMap<string, string>, path?: string) {
    const text = (name: string): string | undefined => (fields.get(name) === '' ? undefined : fields.get(name));
    const list = (name: string): readonly string[] => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
    this.fields = fields;
    this.path = path;
    this.id = text('ID') ?? 'linux';
    this.idLike = list('ID_LIKE');
    this.name = text('NAME') ?? 'Linux';
    this.prettyName = text('PRETTY_NAME') ?? 'Linux';
    this.fancyName = text('FANCY_NAME');
    this.version = text('VERSION');
    this.versionId = text('VERSION_ID');
    this.versionCodename = text('VERSION_CODENAME');
    this.variant = text('VARIANT');
    this.variantId = text('VARIANT_ID');
    this.buildId = text('BUILD_ID');
    this.imageId = text('IMAGE_ID');
    this.imageVersion = text('IMAGE_VERSION');
    this.releaseType = text('RELEASE_TYPE');
    this.experiment = text('EXPERIMENT');
    this.experimentUrl = text('EXPERIMENT_URL');
    this.cpeName = text('CPE_NAME');
    this.homeUrl = text('HOME_URL');
    this.documentationUrl = text('DOCUMENTATION_URL');
    this.supportUrl = text('SUPPORT_URL');
    this.bugReportUrl = text('BUG_REPORT_URL');
    this.privacyPolicyUrl = text('PRIVACY_POLICY_URL');
    this.supportEnd = date(text('SUPPORT_END'));
    this.logo = text('LOGO');
    this.ansiColor = text('ANSI_COLOR');
    this.vendorName = text('VENDOR_NAME');
    this.vendorUrl = text('VENDOR_URL');
    this.defaultHostname = text('DEFAULT_HOSTNAME');
    this.architecture = text('ARCHITECTURE');
    this.sysextLevel = text('SYSEXT_LEVEL');
    this.sysextScope = list('SYSEXT_SCOPE');
    this.confextLevel = text('CONFEXT_LEVEL');
    this.confextScope = list('CONFEXT_SCOPE');
    this.extensionReloadManager = boolean(text('EXTENSION_RELOAD_MANAGER'));
    this.portablePrefixes = list('PORTABLE_PREFIXES');
  }

  /**
   * Whether this is the distribution with that ID or says that it descends from it.
   *
   * **Gotchas** A descendant lists whom it likes: `rocky` is like `rhel`, `centos` and `fedora`, `linuxmint` of some
   * versions like `ubuntu` only.
   *
   * @param id As in ID, lower case: `debian`.
   * @throws {TypeError} ERR_INVALID_ARG_TYPE.
   */
  isLike(id: string): boolean {
    return this.id === checkString('id', id) || this.idLike.includes(id);
  }
}

/** `YYYY-MM-DD` as a day that exists. */
function date(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isFinite(day.getTime()) && day.toISOString().startsWith(text) ? day : undefined;
}

/** The words that systemd takes for a boolean. */
function boolean(text: string | undefined): boolean | undefined {
  const word = text?.toLowerCase() ?? '';
  if (['1', 'yes', 'y', 'true', 't', 'on'].includes(word)) return true;
  return ['0', 'no', 'n', 'false', 'f', 'off'].includes(word) ? false : undefined;
}
