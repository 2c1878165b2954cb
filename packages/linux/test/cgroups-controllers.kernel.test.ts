import { readdirSync } from 'node:fs';

import type { Cgroup } from '@osx/linux/cgroups';
import { openCgroup } from '@osx/linux/cgroups';
import { isSystemError } from '@osx/errors';
import { needs } from '@osx/test-support';
import { expect } from 'vitest';

import { startIn, temporaryGroup } from './fixtures/cgroup-child.ts';

const { test } = needs('cgroup2');

// Which controllers are there is the machine's matter: where cgroups v1 has one, v2 has it not, and where a container
// cannot hand one on, the refusal is what is tested. cgroup-formats.test.ts has the rest.

/** Harmless to hand on for a moment, also where it concerns the whole machine. */
const HARMLESS = ['hugetlb', 'pids', 'misc', 'rdma'];

/** Hands a controller on to the children for as long as the function runs; `refused` when the kernel does not. */
async function handedOn(
  parent: Cgroup,
  controller: string,
  use: () => void | Promise<void>,
): Promise<'used' | 'refused' | 'absent'> {
  if (!parent.controllers.includes(controller)) return 'absent';
  const wasOn = parent.subtreeControl.includes(controller);
  try {
    if (!wasOn) parent.setSubtreeControl({ enable: [controller] });
  } catch (error) {
    expect(isSystemError(error, ['EBUSY', 'EACCES', 'EROFS'])).toBe(true);
    return 'refused';
  }
  try {
    await use();
    return 'used';
  } finally {
    if (!wasOn) parent.setSubtreeControl({ disable: [controller] });
  }
}

test('a controller is handed on, used, in use, and taken back', async () => {
  using temporary = temporaryGroup();
  const { group } = temporary;
  const parent = group.parent;
  if (parent === null) return;
  for (const controller of HARMLESS) {
    await handedOn(parent, controller, async () => {
      expect(group.controllers).toContain(controller);
      expect(readdirSync(group.directory).some((file) => file.startsWith(`${controller}.`))).toBe(true);
      group.setSubtreeControl({ enable: [controller] });
      expect(group.subtreeControl).toEqual([controller]);
      const child = group.create('child');
      expect(child.controllers).toEqual([controller]);

      // No internal processes: neither a process beside controllers for children, nor the other way round.
      const worker = await startIn(child, 'exec cat');
      expect(() => group.add(worker.pid)).toThrow(
        /^EBUSY: a cgroup has either processes or controllers .*subtree control/,
      );
      expect(() => child.setSubtreeControl({ enable: [controller] })).toThrow(/^EBUSY: .*: this one has processes/);
      await child.kill({ timeoutMs: 20_000 });
      await worker.exited;
      child.setSubtreeControl({ enable: [controller] });
      expect(() => group.setSubtreeControl({ disable: [controller] })).toThrow(
        /^EBUSY: .* a child hands on the controller/,
      );
      child.setSubtreeControl({ disable: [controller] });
      child.remove();
      group.setSubtreeControl({ disable: [controller] });
      expect(group.subtreeControl).toEqual([]);
    });
  }
});

test('limits of huge pages, where that controller is', async () => {
  using temporary = temporaryGroup();
  const { group } = temporary;
  const parent = group.parent;
  if (parent === null) return;
  await handedOn(parent, 'hugetlb', () => {
    const key = readdirSync(group.directory).find((file) => /^hugetlb\.2MB\.max$/.test(file));
    if (key === undefined) return;
    const pages = 3 * 2 ** 21;
    group.write(key, pages);
    expect(group.readNumber(key)).toBe(pages);
    group.write(key, Infinity);
    expect(group.read(key)).toMatch(/^(max|9223372036852678656|9223372036854771712)$/);
    expect(group.readFlatKeyed('hugetlb.2MB.events')).toEqual({ max: 0 });
    expect(() => group.write(key, 'many')).toThrow(/^EINVAL: the kernel refuses the value 'many', write /);
  });
});

test('limits of processes, memory and processor time, each where its controller is', async () => {
  using temporary = temporaryGroup();
  const { group } = temporary;
  const has = new Set(openCgroup(group.path).controllers);
  if (has.has('pids')) {
    group.setLimit('pids.max', 50);
    expect(group.getLimit('pids.max')).toBe(50);
    group.setLimit('pids.max', Infinity);
    expect(group.read('pids.max')).toBe('max');
  } else expect(() => group.setLimit('pids.max', 50)).toThrow(/the controller pids must be in the subtree control/);
  if (has.has('memory')) {
    group.setLimit('memory.high', 64 * 2 ** 20);
    group.setLimit('memory.max', Infinity);
    expect([group.getLimit('memory.high'), group.getLimit('memory.max')]).toEqual([64 * 2 ** 20, Infinity]);
    expect(group.readFlatKeyed('memory.events')['oom']).toBe(0);
  } else expect(() => group.getLimit('memory.high')).toThrow(/the controller memory must be in the subtree control/);
  if (has.has('cpu')) {
    group.setLimit('cpu.weight', 200);
    group.setLimit('cpu.max', { quotaUs: 50_000, periodUs: 200_000 });
    expect([group.getLimit('cpu.weight'), group.getLimit('cpu.max')]).toEqual([
      200,
      { quotaUs: 50_000, periodUs: 200_000 },
    ]);
    group.setLimit('cpu.max', { quotaUs: Infinity });
    expect(group.getLimit('cpu.max')).toEqual({ quotaUs: Infinity, periodUs: 200_000 });
  } else expect(() => group.getLimit('cpu.max')).toThrow(/the controller cpu must be in the subtree control/);
});
