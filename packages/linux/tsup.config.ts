import { packageBuild } from '@osx/build-config/tsup';

export default packageBuild({
  cgroups: 'src/cgroups/index.ts',
  epoll: 'src/epoll/index.ts',
  eventfd: 'src/eventfd/index.ts',
  getrusage: 'src/getrusage/index.ts',
  inotify: 'src/inotify/index.ts',
  memfd: 'src/memfd/index.ts',
  openat2: 'src/openat2/index.ts',
  'os-release': 'src/os-release/index.ts',
  pidfd: 'src/pidfd/index.ts',
  prctl: 'src/prctl/index.ts',
  prlimit: 'src/prlimit/index.ts',
  proc: 'src/proc/index.ts',
  renameat2: 'src/renameat2/index.ts',
  signalfd: 'src/signalfd/index.ts',
  timerfd: 'src/timerfd/index.ts',
  xattr: 'src/xattr/index.ts',
});
