import { writeFileSync } from 'node:fs';

import { appSpecificBootId, appSpecificMachineId, bootId, invocationId, isBooted, machineId } from '@osx/systemd';
import { needs, runFixture, runTool, temporaryDirectory } from '@osx/test-support';
import { afterEach, expect, test } from 'vitest';

const APPLICATION = 'b1a1c9f0-4b6c-4d7e-9a43-5f5d2c1e8a77';
const ZEROS = '0'.repeat(32);
const IDS = new URL('fixtures/ids.ts', import.meta.url);

afterEach(() => {
  delete process.env['INVOCATION_ID'];
});

/** The id, or the error's code, of a machine whose file holds this. */
function idOf(content: string | Buffer): string {
  using directory = temporaryDirectory();
  const path = `${directory.path}/machine-id`;
  writeFileSync(path, content);
  try {
    return machineId({ path });
  } catch (error) {
    expect((error as Error).message).toContain(path);
    return (error as { code: string }).code;
  }
}

/** By libsystemd itself; the tool of systemd 252 prints the plain boot id whatever it is asked. */
const BY_LIBSYSTEMD = `
import ctypes, sys, uuid
Id = ctypes.c_ubyte * 16
found = Id()
get = ctypes.CDLL("libsystemd.so.0").sd_id128_get_boot_app_specific
get.argtypes = [ctypes.c_uint64, ctypes.c_uint64, ctypes.POINTER(Id)]
given = uuid.UUID(sys.argv[1]).bytes
halves = [int.from_bytes(given[at:at + 8], "little") for at in (0, 8)]
assert get(*halves, ctypes.byref(found)) == 0
print(bytes(found).hex())
`;

needs('python3', 'systemd-tools').test('the ids of this boot, of systemd-id128(1) and libsystemd', () => {
  expect(bootId()).toBe(runTool('systemd-id128', ['boot-id']).trim());
  for (const application of [APPLICATION, ZEROS, 'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF']) {
    expect(appSpecificBootId(application)).toBe(runTool('python3', ['-c', BY_LIBSYSTEMD, application]).trim());
  }
});

needs('mount', 'systemd-tools').test(
  'the ids of systemd-id128(1), of a machine that has one, and of those that have none',
  async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/machine-id`;
    const script = 'mount --bind "$0" /etc/machine-id && exec "$@"';
    const prefix = ['unshare', '--mount', 'sh', '-c', script, path];
    const theirs = (option: string[]): string => {
      try {
        return runTool('unshare', [...prefix.slice(1), 'systemd-id128', 'machine-id', ...option]).trim();
      } catch {
        return 'refused';
      }
    };
    const ours = async (): Promise<string[]> =>
      (await runFixture(IDS, [APPLICATION], { prefix })).stdout.trim().split('\n');
    for (const content of [
      '0123456789abcdef0123456789abcdef\n',
      'FEDCBA98765432100123456789ABCDEF',
      `0${ZEROS.slice(2)}1\n`,
    ]) {
      writeFileSync(path, content);
      expect(await ours()).toEqual([theirs([]), theirs([`--app-specific=${APPLICATION}`])]);
      expect(theirs([])).toMatch(/^[0-9a-f]{32}$/);
    }
    for (const [content, code] of [
      ['uninitialized\n', 'ENOPKG'],
      ['', 'ENOMEDIUM'],
      [`${ZEROS}\n`, 'ENOMEDIUM'],
      ['0123456789abcdef0123456789abcdef \n', 'EUCLEAN'],
      ['0123456789abcdef0123456789abcde\n', 'EUCLEAN'],
    ] as const) {
      writeFileSync(path, content);
      expect([theirs([]), (await ours())[0]]).toEqual(['refused', code]);
    }
  },
);

test('machine-id files', () => {
  expect(idOf('0123456789abcdef0123456789abcdef\n')).toBe('0123456789abcdef0123456789abcdef');
  expect(idOf('0123456789ABCDEF0123456789ABCDEF')).toBe('0123456789abcdef0123456789abcdef');
  expect(idOf('uninitialized')).toBe('ENOPKG');
  expect(idOf('\n')).toBe('ENOMEDIUM');
  expect(idOf('0123456789abcdef0123456789abcdef\n\n')).toBe('EUCLEAN');
  expect(idOf('01234567-89ab-cdef-0123-456789abcdef\n')).toBe('EUCLEAN');
  expect(idOf(Buffer.from([0xff, 0xfe]))).toBe('EUCLEAN');
  expect(() => machineId({ path: '/nowhere' })).toThrow(
    expect.objectContaining({ name: 'SystemError', code: 'ENOENT', path: '/nowhere' }),
  );
  expect(() => machineId({ path: 5 as never })).toThrow(/options\.path/);
});

test('application ids: as text of both forms, and as bytes', () => {
  const id = appSpecificBootId(APPLICATION);
  expect(id).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(appSpecificBootId(APPLICATION.replaceAll('-', '').toUpperCase())).toBe(id);
  expect(appSpecificBootId(Buffer.from(APPLICATION.replaceAll('-', ''), 'hex'))).toBe(id);
  expect(appSpecificBootId('b1a1c9f0-4b6c-4d7e-9a43-5f5d2c1e8a78')).not.toBe(id);
  for (const wrong of [
    '',
    'x',
    `${APPLICATION}0`,
    APPLICATION.replace('-', ''),
    `{${APPLICATION}}`,
    new Uint8Array(15),
    5,
  ]) {
    expect(() => appSpecificBootId(wrong as never)).toThrow(TypeError);
    expect(() => appSpecificMachineId(wrong as never, { path: '/nowhere' })).toThrow(/applicationId/);
  }
});

test('the invocation', () => {
  expect(invocationId()).toBeNull();
  process.env['INVOCATION_ID'] = '0123456789ABCDEF0123456789abcdef';
  expect(invocationId()).toBe('0123456789abcdef0123456789abcdef');
  for (const wrong of ['', 'x', ZEROS, '0123456789abcdef0123456789abcdef0']) {
    process.env['INVOCATION_ID'] = wrong;
    expect(() => invocationId()).toThrow(/INVOCATION_ID must be/);
  }
});

needs('mount').test('whether systemd is the init', async () => {
  const under = async (make: string): Promise<string | undefined> => {
    const script = `mount -t tmpfs tmpfs /run && ${make} && exec "$@"`;
    const prefix = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
    return (await runFixture(IDS, [APPLICATION, 'booted'], { prefix })).stdout.trim().split('\n').at(-1);
  };
  expect(await under('mkdir -p /run/systemd/system')).toBe('true');
  expect(await under('mkdir -p /run/systemd')).toBe('false');
  expect(await under('true')).toBe('false');
  expect(await under('touch /run/systemd')).toBe('false');
  expect(await under('mkdir /run/systemd && touch /run/systemd/system')).toBe('false');
  expect(isBooted()).toBe(
    runTool('sh', ['-c', 'systemd-notify --booted && echo true || echo false']).trim() === 'true',
  );
});
