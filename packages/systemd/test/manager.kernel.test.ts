import { readFileSync, writeFileSync } from 'node:fs';

import { needs, temporaryCgroup, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

import { RunningProgram } from './running-program.ts';

const MANAGER = new URL('fixtures/manager.sh', import.meta.url).pathname;
const SERVICE = new URL('fixtures/service.ts', import.meta.url).pathname;

const SOCKET = `
[Unit]
DefaultDependencies=no
[Socket]
ListenStream=/run/greeter
FileDescriptorName=greeter
`;

const service = (node: string): string => `
[Unit]
DefaultDependencies=no
[Service]
Type=notify
ExecStart=${node} ${SERVICE}
WatchdogSec=4
FileDescriptorStoreMax=4
`;

/** What somebody at a terminal would do; each line of output is looked at. */
const SESSION = `
show() { systemctl --user show greeter.service -p "$1" --value; }
ask() { python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("/run/greeter"); print(s.makefile().readline().strip())'; }
systemctl --user start greeter.socket
ask
show StatusText
show ActiveState
show NFileDescriptorStore
sleep 5
show ActiveState
show NRestarts
systemctl --user restart greeter.service
show StatusText
ask
show NFileDescriptorStore
kill -STOP "$(show MainPID)"
for try in $(seq 500); do [ "$(show ActiveState)" = failed ] && break; sleep 0.02; done
show Result
`;

needs('root', 'cgroup2', 'python3', 'systemd-tools').test(
  'under a real manager: activated, ready, watched over, restarted with what it had kept, and missed when it hangs',
  { timeout: 90_000 },
  async () => {
    using directory = temporaryDirectory();
    const units = directory.path;
    writeFileSync(`${units}/basic.target`, '[Unit]\nDescription=Basic\n');
    writeFileSync(`${units}/greeter.socket`, SOCKET);
    writeFileSync(`${units}/greeter.service`, service(process.execPath));
    using cgroup = temporaryCgroup();
    await using manager = new RunningProgram('sh', [MANAGER, cgroup.directory, units, SESSION]);
    await manager.ended;
    const log = `${manager.stderr}\n${readFileSync(`${units}/manager.log`, 'utf8')}`;
    const [first = '', status, state, kept, later, restarts, second, again = '', left, end] = manager.lines;
    expect({ status, state, kept, later, restarts, second, left, end }, log).toEqual({
      status: 'serving, first run',
      state: 'active',
      kept: '1',
      later: 'active',
      restarts: '0',
      second: 'serving, second run',
      left: '0',
      end: 'watchdog',
    });
    const facts = {
      watchdog: { timeoutMs: 4_000, intervalMs: 2_000 },
      signs: true,
      found: ['greeter stream true'],
      invocation: true,
      isBooted: true,
    };
    expect(JSON.parse(first)).toEqual(facts);
    expect(JSON.parse(again)).toEqual({ ...facts, found: ['greeter stream true', 'kept file false'] });
  },
);
