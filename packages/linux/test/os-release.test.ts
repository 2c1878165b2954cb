import { readFileSync } from 'node:fs';

import { OS_RELEASE_PATHS, parseOsRelease, readOsRelease } from '@osx/linux/os-release';
import { describe, expect, test } from 'vitest';

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/os-release/${name}`, import.meta.url), 'utf8');
}

/** The value of A in a file with this text. */
function valueOf(text: string): string | undefined {
  return parseOsRelease(text).fields.get('A');
}

describe('values', () => {
  test.each([
    ['unquoted', 'A=b', 'b'],
    ['empty', 'A=', ''],
    ['empty quotes', `A=""''`, ''],
    ['double quotes', 'A="b c"', 'b c'],
    ['single quotes', "A='b c'", 'b c'],
    ['concatenated', `A=a"b"'c'd`, 'abcd'],
    ['every escape of double quotes', '"\\" \\$ \\\\ \\`"'.replace(/^/, 'A='), '" $ \\ `'],
    ['a backslash that is none', 'A="\\n\\a\\\'"', "\\n\\a\\'"],
    ['single quotes take backslashes as they are', "A='\\\\\\n'", '\\\\\\n'],
    ['unquoted escapes', 'A=b\\ c\\"\\$\\\\\\n', 'b c"$\\n'],
    ['no expansion of variables', 'A="$HOME ${HOME}"$HOME', '$HOME ${HOME}$HOME'],
    ['no commands', 'A="`id`$(id)"', '`id`$(id)'],
    ['a double quote within single ones', `A='"'`, '"'],
    ['a single quote within double ones', `A="'"`, "'"],
    ['a comment behind', 'A=b # c', 'b'],
    ['a # within', 'A=b#c', 'b#c'],
    ['a # in quotes', 'A="b # c"', 'b # c'],
    ['blanks around', ' \tA=b \t', 'b'],
    ['blanks in quotes stay', 'A=" b "  ', ' b '],
    ['an equals sign', 'A=b=c', 'b=c'],
    ['over two lines', 'A="b\nc"', 'b\nc'],
    ['a line that goes on, quoted', 'A="b\\\nc"', 'bc'],
    ['a line that goes on, unquoted', 'A=b\\\nc', 'bc'],
    ['a backslash at the end', 'A=b\\', 'b\\'],
    ['CRLF', 'A=b\r\n', 'b'],
    ['CRLF behind quotes', 'A="b"\r\n', 'b'],
    ['CR at the end of the file', 'A=b\r', 'b'],
    ['CR within', 'A=b\rc', 'b\rc'],
    ['a byte order mark', '\uFEFFA=b', 'b'],
    ['not ASCII', 'A="ü – 🐧"', 'ü – 🐧'],
    ['the last one counts', 'A=b\nA=c\n', 'c'],
    ['what a shell would run is text', 'A=b c; d', 'b c; d'],
    ['blanks before CRLF', 'A=b  \r\nB=c', 'b'],
  ])('%s', (_, text, value) => {
    expect(valueOf(text)).toBe(value);
  });

  test('a long value with a million escapes is read', () => {
    expect(valueOf(`A="${'\\"'.repeat(1_000_000)}"`)?.length).toBe(1_000_000);
  });
});

describe('lines that are no assignment', () => {
  test.each([
    ['comments', '#A=1\n  # A=2\nB=b\n#A=3'],
    ['blank lines', '\n\r\n \t\nB=b\n\n'],
    ['names that are none', 'A-B=1\n1A=1\nA B=1\nA =1\n=1\nexport X=1\nÄ=1\nB=b'],
    ['text', 'hello\nB=b'],
    ['a comment that ends in a backslash', '# c \\\nB=b'],
  ])('%s', (_, text) => {
    expect([...parseOsRelease(text).fields]).toEqual([['B', 'b']]);
  });

  test('a quote that nothing closes stands for itself, and hides no later line', () => {
    expect([...parseOsRelease('A="b\nB=c\nC=\'d\n').fields]).toEqual([
      ['A', '"b'],
      ['B', 'c'],
      ['C', "'d"],
    ]);
  });

  test('nothing at all', () => {
    expect([...parseOsRelease('').fields]).toEqual([]);
  });
});

describe('fields', () => {
  test('of Fedora', () => {
    const release = parseOsRelease(fixture('fedora-42'));
    expect(release).toMatchObject({
      id: 'fedora',
      idLike: [],
      name: 'Fedora Linux',
      prettyName: 'Fedora Linux 42 (Server Edition)',
      version: '42 (Server Edition)',
      versionId: '42',
      variant: 'Server Edition',
      variantId: 'server',
      releaseType: 'stable',
      supportEnd: new Date(Date.UTC(2026, 4, 13)),
      logo: 'fedora-logo-icon',
      ansiColor: '0;38;2;60;110;180',
      cpeName: 'cpe:/o:fedoraproject:fedora:42',
      defaultHostname: 'fedora',
      homeUrl: 'https://fedoraproject.org/',
      documentationUrl: 'https://docs.fedoraproject.org/en-US/fedora/f42/',
      supportUrl: 'https://ask.fedoraproject.org/',
      bugReportUrl: 'https://bugzilla.redhat.com/',
    });
    expect(release.versionCodename).toBeUndefined();
    expect(release.fields.get('VERSION_CODENAME')).toBe('');
    expect(release.fields.get('REDHAT_BUGZILLA_PRODUCT_VERSION')).toBe('42');
    expect(release.path).toBeUndefined();
  });

  test('every documented one has its own', () => {
    const texts = {
      ID: 'id',
      NAME: 'name',
      PRETTY_NAME: 'prettyName',
      FANCY_NAME: 'fancyName',
      VERSION: 'version',
      VERSION_ID: 'versionId',
      VERSION_CODENAME: 'versionCodename',
      VARIANT: 'variant',
      VARIANT_ID: 'variantId',
      BUILD_ID: 'buildId',
      IMAGE_ID: 'imageId',
      IMAGE_VERSION: 'imageVersion',
      RELEASE_TYPE: 'releaseType',
      EXPERIMENT: 'experiment',
      EXPERIMENT_URL: 'experimentUrl',
      CPE_NAME: 'cpeName',
      HOME_URL: 'homeUrl',
      DOCUMENTATION_URL: 'documentationUrl',
      SUPPORT_URL: 'supportUrl',
      BUG_REPORT_URL: 'bugReportUrl',
      PRIVACY_POLICY_URL: 'privacyPolicyUrl',
      LOGO: 'logo',
      ANSI_COLOR: 'ansiColor',
      VENDOR_NAME: 'vendorName',
      VENDOR_URL: 'vendorUrl',
      DEFAULT_HOSTNAME: 'defaultHostname',
      ARCHITECTURE: 'architecture',
      SYSEXT_LEVEL: 'sysextLevel',
      CONFEXT_LEVEL: 'confextLevel',
    } as const;
    const lists = {
      ID_LIKE: 'idLike',
      SYSEXT_SCOPE: 'sysextScope',
      CONFEXT_SCOPE: 'confextScope',
      PORTABLE_PREFIXES: 'portablePrefixes',
    } as const;
    const lines = [
      ...Object.keys(texts).map((name) => `${name}=value-of-${name}`),
      ...Object.keys(lists).map((name) => `${name}="  one-${name}  two "`),
      'SUPPORT_END=2001-01-01',
      'EXTENSION_RELOAD_MANAGER=1',
    ];
    const release = parseOsRelease(lines.join('\n'));
    for (const [name, property] of Object.entries(texts)) expect(release[property], name).toBe(`value-of-${name}`);
    for (const [name, property] of Object.entries(lists))
      expect(release[property], name).toEqual([`one-${name}`, 'two']);
    expect(release.supportEnd?.toISOString()).toBe('2001-01-01T00:00:00.000Z');
    expect(release.extensionReloadManager).toBe(true);
    const properties = new Set([...Object.values(texts), ...Object.values(lists)]);
    expect(
      Object.keys(release)
        .filter((key) => !properties.has(key as never))
        .toSorted(),
    ).toEqual(['extensionReloadManager', 'fields', 'path', 'supportEnd']);
  });

  test.each(['', 'ID=\nNAME=""\nPRETTY_NAME=\n'])('defaults of %j', (text) => {
    expect(parseOsRelease(text)).toMatchObject({ id: 'linux', name: 'Linux', prettyName: 'Linux', idLike: [] });
  });

  test.each(['2024-02-31', '2024-13-01', '24-01-01', '2024-1-1', '2024-01-01T00:00', 'soon', ''])(
    'a SUPPORT_END of %j is no date, and kept',
    (text) => {
      const release = parseOsRelease(`SUPPORT_END="${text}"`);
      expect([release.supportEnd, release.fields.get('SUPPORT_END')]).toEqual([undefined, text]);
    },
  );

  test.each([
    ['yes', true],
    ['TRUE', true],
    ['0', false],
    ['off', false],
    ['perhaps', undefined],
  ])('EXTENSION_RELOAD_MANAGER=%s', (text, value) => {
    expect(parseOsRelease(`EXTENSION_RELOAD_MANAGER=${text}`).extensionReloadManager).toBe(value);
  });

  test('isLike is the ID or one of its relatives, whole words only', () => {
    const rocky = parseOsRelease(fixture('rocky-9'));
    expect(['rocky', 'rhel', 'centos', 'fedora'].map((id) => rocky.isLike(id))).toEqual([true, true, true, true]);
    expect(['debian', 'rh', 'rhel centos', '', 'RHEL'].map((id) => rocky.isLike(id))).toEqual(
      Array.from({ length: 5 }, () => false),
    );
    expect(parseOsRelease('').isLike('linux')).toBe(true);
  });
});

test('bad arguments are refused before anything is read', () => {
  const type = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
  expect(() => parseOsRelease(Buffer.from('A=b') as never)).toThrow(type);
  expect(() => parseOsRelease('').isLike(1 as never)).toThrow(type);
  expect(() => readOsRelease('/etc/os-release' as never)).toThrow(type);
  expect(() => readOsRelease({ paths: '/etc/os-release' as never })).toThrow(type);
  expect(() => readOsRelease({ paths: [] })).toThrow(type);
  expect(() => readOsRelease({ paths: [1 as never] })).toThrow(/options\.paths\[0\]/);
  expect(() => readOsRelease({ root: 1 as never })).toThrow(/options\.root/);
  expect(() => readOsRelease({ root: '' })).toThrow(/options\.root/);
});

test('the paths are the documented ones and cannot be changed', () => {
  expect(OS_RELEASE_PATHS).toEqual(['/etc/os-release', '/usr/lib/os-release']);
  expect(Object.isFrozen(OS_RELEASE_PATHS)).toBe(true);
});
