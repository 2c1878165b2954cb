import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { unitsOfAuxv } from '../src/internal/auxv.ts';
import { decodeMounts } from '../src/internal/decode-mounts.ts';
import { parseCpuinfo } from '../src/internal/parse-cpuinfo.ts';
import { parseFdinfo } from '../src/internal/parse-fdinfo.ts';
import { parseLoadavg } from '../src/internal/parse-loadavg.ts';
import { parseMeminfo } from '../src/internal/parse-meminfo.ts';
import { parseProcLimits } from '../src/internal/parse-proc-limits.ts';
import { parseProcLocks } from '../src/internal/parse-proc-locks.ts';
import { parseProcStat } from '../src/internal/parse-proc-stat.ts';
import { parseProcStatus } from '../src/internal/parse-proc-status.ts';
import { splitAtNul } from '../src/internal/proc-text.ts';
import { parseSignalSet } from '../src/internal/signal-set.ts';

const units = { pageBytes: 4096, ticksPerSecond: 100 };

function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/proc/${name}`, import.meta.url));
}

describe('stat', () => {
  const names =
    'pid comm state ppid pgrp session ttyNr tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime priority nice numThreads itrealvalue starttime vsize rss rsslim startcode endcode startstack kstkesp kstkeip signal blocked sigignore sigcatch wchan nswap cnswap exitSignal processor rtPriority policy delayacctBlkioTicks guestTime cguestTime startData endData startBrk argStart argEnd envStart envEnd exitCode'.split(
      ' ',
    );
  /** Field n of this line is 1000 + n. */
  const line = `1001 (x) R ${Array.from({ length: 49 }, (_, index) => 1004 + index).join(' ')}\n`;

  test('has all 52 fields, each from its place', () => {
    expect(names).toHaveLength(52);
    const stat = parseProcStat(Buffer.from(line), units) as unknown as Record<string, unknown>;
    for (const [index, name] of names.entries()) {
      if (name !== 'comm' && name !== 'state') expect(Number(stat[name]), name).toBe(1001 + index);
    }
    expect([stat['comm'], stat['state']]).toEqual(['x', 'R']);
    const others = Object.keys(stat).filter((name) => !names.includes(name));
    expect(others).toEqual([
      'commBytes',
      'tty',
      'isKernelThread',
      'userTimeMs',
      'systemTimeMs',
      'childrenUserTimeMs',
      'childrenSystemTimeMs',
      'startTimeMs',
      'rssBytes',
    ]);
  });

  test('converts ticks and pages by the units of the machine', () => {
    const machine = { pageBytes: 65_536, ticksPerSecond: 250 };
    expect(parseProcStat(Buffer.from(line), machine)).toMatchObject({
      userTimeMs: 1014 * 4,
      systemTimeMs: 1015 * 4,
      childrenUserTimeMs: 1016 * 4,
      childrenSystemTimeMs: 1017 * 4,
      startTimeMs: 1022 * 4,
      rssBytes: 1024 * 65_536,
    });
  });

  test.each([
    ['a b'],
    ['(sd-pam)'],
    [') R 1 2 3 ('],
    ['a) S 1'],
    ['\n(\n)\n'],
    [''],
    [' '],
    ['kworker/u4:2-events_unbound'],
    ['ü\n'],
  ])('the name %j', (name) => {
    const stat = parseProcStat(Buffer.from(line.replace('(x)', `(${name})`)), units);
    expect([stat.pid, stat.comm, stat.state, stat.ppid, stat.exitCode]).toEqual([1001, name, 'R', 1004, 1052]);
  });

  test('a name that is not UTF-8 is there as bytes', () => {
    const stat = parseProcStat(Buffer.from(line.replace('(x)', '(\xff\xfe)'), 'latin1'), units);
    expect([stat.comm, [...stat.commBytes], stat.state]).toEqual(['\uFFFD\uFFFD', [0xff, 0xfe], 'R']);
  });

  test('64-bit values are exact', () => {
    const stat = parseProcStat(
      Buffer.from(line.replace(' 1025 ', ' 18446744073709551615 ').replace(' 1029 ', ' 9007199254740993 ')),
      units,
    );
    expect([stat.rsslim, stat.kstkesp]).toEqual([18_446_744_073_709_551_615n, 9_007_199_254_740_993n]);
  });

  test('negative fields, terminals and kernel threads', () => {
    const text = (tty: string, flags: string): Buffer =>
      Buffer.from(line.replace(' 1007 1008 1009 ', ` ${tty} -1 ${flags} `).replace(' 1018 1019 ', ' -2 -20 '));
    expect(parseProcStat(text('0', '2129984'), units)).toMatchObject({
      tty: null,
      tpgid: -1,
      priority: -2,
      nice: -20,
      isKernelThread: true,
    });
    expect(parseProcStat(text('34816', '4194304'), units)).toMatchObject({
      tty: { major: 136, minor: 0 },
      isKernelThread: false,
    });
    // /dev/pts/300: the minor's upper bits are above the major.
    expect(parseProcStat(text(String(0x10_882c), '0'), units).tty).toEqual({ major: 136, minor: 300 });
    expect(parseProcStat(text('-2147448832', '0'), units).tty).toEqual({ major: 136, minor: 0x8_0000 });
  });

  test('fields that an old kernel lacks are 0', () => {
    const old = `${line.split(' ').slice(0, 44).join(' ')}\n`;
    expect(parseProcStat(Buffer.from(old), units)).toMatchObject({ cguestTime: 1044, startData: 0n, exitCode: 0 });
  });
});

describe('status', () => {
  test('of arm64, Linux 4.19, with a name to be unescaped', () => {
    const status = parseProcStatus(fixture('status-arm64-4.19'));
    expect(status).toMatchObject({
      name: 'a\nb\\c )',
      umask: 0o77,
      state: 'S',
      tgid: 512,
      pid: 512,
      ppid: 1,
      tracerPid: 77,
      uid: { real: 1000, effective: 1001, saved: 1002, filesystem: 1003 },
      gid: { real: 100, effective: 101, saved: 102, filesystem: 103 },
      fdSize: 64,
      groups: [4, 24, 27, 4_294_967_294],
      nsTgid: [512, 7, 1],
      nsPid: [512, 7, 1],
      nsPgid: [512, 7, 1],
      nsSid: [512, 7, 1],
      vmPeakBytes: 2 ** 44,
      vmSizeBytes: 3060 * 1024,
      vmLckBytes: 4096,
      vmHwmBytes: 1728 * 1024,
      vmRssBytes: 1724 * 1024,
      rssAnonBytes: 112 * 1024,
      rssFileBytes: 1612 * 1024,
      rssShmemBytes: 8192,
      vmDataBytes: 360 * 1024,
      vmStkBytes: 132 * 1024,
      vmSwapBytes: 12 * 1024,
      threads: 3,
      sigQueued: 2,
      sigQueueLimit: 18_446_744_073_709_551_615n,
      sigPnd: { mask: 0x200n, names: ['SIGUSR1'] },
      shdPnd: { mask: 1n << 63n, names: ['SIGRTMAX'] },
      sigBlk: { names: ['SIGCHLD', 'SIGRTMIN'] },
      sigIgn: { names: ['SIGPIPE'] },
      sigCgt: { names: ['SIGHUP', 'SIG32', 'SIG33', 'SIGRTMIN'] },
      capInh: 0n,
      capPrm: 0x3f_ffff_ffffn,
      capEff: 1n,
      capBnd: 0x3f_ffff_ffffn,
      capAmb: 2n,
      noNewPrivs: true,
      seccomp: 'filter',
      seccompFilters: undefined,
      cpusAllowedList: '0-7',
      memsAllowedList: '0',
      voluntaryCtxtSwitches: 1432,
      nonvoluntaryCtxtSwitches: 99,
    });
    expect(status.fields.get('Speculation_Store_Bypass')).toBe('unknown');
    expect(status.fields.get('Name')).toBe('a\\nb\\\\c )');
    expect(status.fields.size).toBe(fixture('status-arm64-4.19').toString().trimEnd().split('\n').length);
  });

  test('of a kernel thread of Linux 3.10, which tells less', () => {
    const status = parseProcStatus(fixture('status-kernel-thread-3.10'));
    expect(status).toMatchObject({ name: 'kthreadd', groups: [], nsPid: [], threads: 1, seccomp: 'disabled' });
    for (const key of ['umask', 'vmSizeBytes', 'vmRssBytes', 'capAmb', 'noNewPrivs', 'seccompFilters'] as const) {
      expect(status[key], key).toBeUndefined();
    }
    expect(status.sigIgn.mask).toBe(2n ** 64n - 1n);
    expect(status.sigIgn.names).toHaveLength(64);
  });

  test('a name with blanks at its ends', () => {
    expect(parseProcStatus(Buffer.from('Name:\t a: b \nState:\tR (running)\n')).name).toBe(' a: b ');
  });
});

describe('signal sets', () => {
  test('name every signal in order', () => {
    expect(parseSignalSet('0').names).toEqual([]);
    const { names } = parseSignalSet('ffffffffffffffff');
    expect(new Set(names).size).toBe(64);
    expect([names[0], names[5], names[28], names[30], names[31], names[33], names[34], names[62], names[63]]).toEqual([
      'SIGHUP',
      'SIGABRT',
      'SIGIO',
      'SIGSYS',
      'SIG32',
      'SIGRTMIN',
      'SIGRTMIN+1',
      'SIGRTMIN+29',
      'SIGRTMAX',
    ]);
  });
});

describe('strings between NULs', () => {
  test.each([
    ['', []],
    ['sh\0-c\0\0', ['sh', '-c', '']],
    ['\0', ['']],
    ['a title', ['a title']],
    ['a\0\0\0', ['a', '', '']],
    ['a\0b', ['a', 'b']],
  ])('%j', (text, parts) => {
    expect(splitAtNul(Buffer.from(text)).map(String)).toEqual(parts);
  });
});

describe('locks', () => {
  const locks = parseProcLocks(fixture('locks').toString().split('\n'));

  test('holders and those that wait, behind a waiter too', () => {
    const file = { device: { major: 0, minor: 0x30 }, inode: 1337n };
    const posix = { id: 1, kind: 'posix', mode: 'advisory', ...file };
    expect(locks.slice(0, 3)).toEqual([
      { ...posix, isBlocked: false, type: 'write', pid: 568, start: 0n, end: null },
      { ...posix, isBlocked: true, type: 'write', pid: 569, start: 0n, end: 0n },
      { ...posix, isBlocked: true, type: 'read', pid: 570, start: 2n ** 63n - 1n, end: null },
    ]);
  });

  test('every kind; nobody is null; 64 bits are exact', () => {
    expect(locks.map(({ kind, mode, type, pid }) => [kind, mode, type, pid]).slice(3)).toEqual([
      ['flock', 'advisory', 'read', 1],
      ['ofd', 'advisory', 'read', null],
      ['lease', 'active', 'read', 700],
      ['deleg', 'breaking', 'write', 701],
      ['lease', 'breaker', 'read', 702],
      ['posix', 'mandatory', 'write', 703],
      ['flock', 'advisory', 'write', null],
      ['posix', 'advisory', 'unlck', 704],
    ]);
    expect(locks[3]).toMatchObject({ device: { major: 0xfe, minor: 0 }, inode: 2n ** 64n - 1n });
    expect(locks[4]).toMatchObject({ device: { major: 0x103, minor: 0xf_ffff }, start: 4n, end: 9n });
    expect(locks[8]).toMatchObject({ device: null, inode: null });
  });
});

describe('fdinfo', () => {
  test('of a file with locks', () => {
    const text = `pos:\t9223372036854775807\nflags:\t02100002\nmnt_id:\t29\nino:\t18446744073709551615
lock:\t1: POSIX  ADVISORY  WRITE 359 00:13:11691 0 EOF
lock:\t2: OFDLCK ADVISORY  READ  -1 00:13:11691 4 9\n`;
    const info = parseFdinfo(Buffer.from(text));
    expect(info).toMatchObject({
      pos: 2n ** 63n - 1n,
      flags: 0o2100002,
      isCloseOnExec: true,
      mntId: 29,
      ino: 2n ** 64n - 1n,
      inotify: [],
      epoll: [],
    });
    expect(info.locks.map(({ kind, pid, end }) => [kind, pid, end])).toEqual([
      ['posix', 359, null],
      ['ofd', null, 9n],
    ]);
    for (const key of ['eventfd', 'timerfd', 'signalfd', 'pidfd'] as const) expect(info[key]).toBeUndefined();
    expect(parseFdinfo(Buffer.from('pos:\t0\nflags:\t0100000\n'))).toMatchObject({
      isCloseOnExec: false,
      mntId: undefined,
      ino: undefined,
    });
  });

  test('of inotify', () => {
    const text = `pos:\t0\nflags:\t00
inotify wd:a ino:9e7e sdev:800013 mask:800afce ignored_mask:0 fhandle-bytes:8 fhandle-type:1 f_handle:7e9e0000640d1b6d
inotify wd:2 ino:ffffffffffffffff sdev:fffff mask:4000fff ignored_mask:0\n`;
    expect(parseFdinfo(Buffer.from(text)).inotify).toEqual([
      { wd: 10, inode: 0x9e7en, device: { major: 8, minor: 0x13 }, mask: 0x800_afce },
      { wd: 2, inode: 2n ** 64n - 1n, device: { major: 0, minor: 0xf_ffff }, mask: 0x400_0fff },
    ]);
  });

  test('of eventfd, with what each kernel adds', () => {
    expect(parseFdinfo(Buffer.from('eventfd-count:               2a\n')).eventfd).toEqual({
      count: 42n,
      id: undefined,
      isSemaphore: undefined,
    });
    const text = 'eventfd-count: fffffffffffffffe\neventfd-id: 12\neventfd-semaphore: 1\n';
    expect(parseFdinfo(Buffer.from(text)).eventfd).toEqual({ count: 2n ** 64n - 2n, id: 12, isSemaphore: true });
  });

  test('of epoll, with and without the target’s inode', () => {
    const text = `tfd:        5 events:       1d data: ffffffffffffffff  pos:0 ino:61af sdev:700000
tfd:       12 events: 80000019 data:                c\n`;
    expect(parseFdinfo(Buffer.from(text)).epoll).toEqual([
      { fd: 5, events: 0x1d, data: 2n ** 64n - 1n, pos: 0n, inode: 0x61afn, device: { major: 7, minor: 0 } },
      { fd: 12, events: 0x8000_0019, data: 12n, pos: 0n, inode: 0n, device: { major: 0, minor: 0 } },
    ]);
  });

  test('of timerfd, signalfd and pidfd', () => {
    const timer = 'clockid: 7\nticks: 3\nsettime flags: 03\nit_value: (9223372036, 49406829)\nit_interval: (1, 0)\n';
    expect(parseFdinfo(Buffer.from(timer)).timerfd).toEqual({
      clockId: 7,
      ticks: 3n,
      settimeFlags: 3,
      valueNs: 9_223_372_036_049_406_829n,
      intervalNs: 1_000_000_000n,
    });
    expect(parseFdinfo(Buffer.from('sigmask:\t0000000000000006\n')).signalfd).toEqual({
      mask: 6n,
      names: ['SIGINT', 'SIGQUIT'],
    });
    expect(parseFdinfo(Buffer.from('Pid:\t42\nNSpid:\t42\t7\t1\n')).pidfd).toEqual({ pid: 42, nsPid: [42, 7, 1] });
    expect(parseFdinfo(Buffer.from('Pid:\t-1\nNSpid:\t-1\n')).pidfd).toEqual({ pid: -1, nsPid: [-1] });
  });

  test('of a kind that is not known is kept', () => {
    const { fields } = parseFdinfo(Buffer.from('pos:\t0\nexp_name:\tx: y\nattached:\t1\nattached:\t2\nno colon\n'));
    expect([...fields]).toEqual([
      ['pos', ['0']],
      ['exp_name', ['x: y']],
      ['attached', ['1', '2']],
    ]);
  });
});

describe('mountinfo', () => {
  const mounts = decodeMounts(fixture('mountinfo'), false);

  test('the example of the manual', () => {
    expect(mounts[1]).toEqual({
      id: 36,
      parentId: 35,
      device: { major: 98, minor: 0 },
      root: '/mnt1',
      mountPoint: '/mnt2',
      options: ['rw', 'noatime'],
      propagation: { shared: undefined, master: 1, propagateFrom: undefined, isUnbindable: false },
      optionalFields: ['master:1'],
      fsType: 'ext3',
      source: '/dev/root',
      superOptions: ['rw', 'errors=continue'],
    });
  });

  test('escapes, several optional fields, an empty source, dashes, commas in options', () => {
    expect(mounts[2]).toMatchObject({
      root: '/a b\tc\nd\\e#f',
      mountPoint: '/m n',
      propagation: { shared: 5, master: 7, propagateFrom: 2, isUnbindable: false },
      fsType: 'fuse.sshfs',
      source: 'me@host:/x y',
    });
    expect(mounts[3]).toMatchObject({
      device: { major: 259, minor: 1_048_575 },
      propagation: { shared: undefined, isUnbindable: true },
      optionalFields: ['unbindable', 'future:9'],
      fsType: 'tmpfs',
      source: '',
      superOptions: ['rw', 'size=1024k'],
    });
    expect(mounts[5]?.superOptions).toEqual(['rw', 'lowerdir=/a,b:/c', 'workdir=/w\\040x']);
    expect(mounts[6]).toMatchObject({ root: '/-/-', mountPoint: '/-/-', source: '-', propagation: { shared: 1 } });
    expect(mounts[7]).toMatchObject({ root: 'net:[4026531840]', fsType: 'nsfs' });
    expect(mounts).toHaveLength(8);
  });

  test('names that are not UTF-8, as bytes', () => {
    const line = Buffer.from('1 2 0:1 /\xff\\040 /\xfe rw - ext4 \xfd rw\n', 'latin1');
    const [mount] = decodeMounts(line, true);
    expect([mount?.root, mount?.mountPoint, mount?.source].map((name) => [...(name as Buffer)])).toEqual([
      [0x2f, 0xff, 0x20],
      [0x2f, 0xfe],
      [0xfd],
    ]);
    expect(decodeMounts(line, false)[0]?.root).toBe('/\uFFFD ');
    expect(decodeMounts(Buffer.from('1 2 0:1 / /ü rw - ext4 ü rw'), false)[0]).toMatchObject({
      mountPoint: '/ü',
      source: 'ü',
    });
  });

  test('10,000 lines', () => {
    const line = '36 35 98:0 /mnt1 /mnt2\\040ü rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n';
    expect(decodeMounts(Buffer.from(line.repeat(10_000)), false)).toHaveLength(10_000);
  });
});

describe('cpuinfo', () => {
  test('of x86', () => {
    const { processors, fields } = parseCpuinfo(fixture('cpuinfo-x64').toString());
    expect(processors).toHaveLength(2);
    expect(fields.size).toBe(0);
    expect(processors[0]).toMatchObject({
      processor: 0,
      vendorId: 'GenuineIntel',
      modelName: 'Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz',
      cpuFamily: 6,
      model: 158,
      stepping: 10,
      mhz: 4300.123,
      cacheSizeBytes: 12_288 * 1024,
      physicalId: 0,
      coreId: 5,
      cpuCores: 6,
      siblings: 12,
      bogomips: 6399.96,
      flags: ['fpu', 'vme', 'de', 'pse'],
      bugs: ['cpu_meltdown', 'spectre_v1'],
      implementer: undefined,
    });
    expect(processors[0]?.fields.get('address sizes')).toBe('39 bits physical, 48 bits virtual');
    expect(processors[1]).toMatchObject({ processor: 1, mhz: undefined, stepping: undefined, flags: [] });
  });

  test('of arm64, with a paragraph of the board', () => {
    const { processors, fields } = parseCpuinfo(fixture('cpuinfo-arm64').toString());
    expect(processors.map(({ processor }) => processor)).toEqual([0, 3]);
    expect(processors[1]).toMatchObject({
      implementer: 0x41,
      architecture: 8,
      variant: 3,
      part: 0xd0c,
      revision: 1,
      bogomips: 243.75,
      vendorId: undefined,
      modelName: undefined,
    });
    expect(processors[0]?.flags).toEqual(['fp', 'asimd', 'evtstrm', 'crc32', 'cpuid']);
    expect(fields.get('Serial')).toBe('10000000abcdef01');
  });
});

test('meminfo of a kernel that tells little, and counts', () => {
  const text = 'MemTotal:       24684092 kB\nMemFree:               0 kB\nHugePages_Total:       3\nOdd: a b\n';
  const memory = parseMeminfo(text);
  expect(memory).toMatchObject({ memTotalBytes: 24_684_092 * 1024, memFreeBytes: 0, memAvailableBytes: undefined });
  expect([...memory.fields]).toEqual([
    ['MemTotal', 24_684_092 * 1024],
    ['MemFree', 0],
    ['HugePages_Total', 3],
  ]);
});

test('loadavg', () => {
  expect(parseLoadavg('0.20 1.18 12.12 1/80 11206\n')).toEqual({
    averages: [0.2, 1.18, 12.12],
    runnable: 1,
    total: 80,
    lastPid: 11_206,
  });
});

test('limits', () => {
  const text = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            1024                 1048576              files     
Max nice priority         0                    0                    
Max future thing          18446744073709551614 unlimited            things    
`;
  expect([...parseProcLimits(text)]).toEqual([
    ['RLIMIT_CPU', { soft: null, hard: null, unit: 'seconds' }],
    ['RLIMIT_NOFILE', { soft: 1024n, hard: 1_048_576n, unit: 'files' }],
    ['RLIMIT_NICE', { soft: 0n, hard: 0n, unit: '' }],
    ['Max future thing', { soft: 2n ** 64n - 2n, hard: null, unit: 'things' }],
  ]);
});

test('units of the auxiliary vector', () => {
  const auxv = Buffer.alloc(48);
  for (const [index, value] of [6n, 65_536n, 17n, 250n].entries()) auxv.writeBigUInt64LE(value, index * 8);
  expect(unitsOfAuxv(auxv)).toEqual({ pageBytes: 65_536, ticksPerSecond: 250 });
});
