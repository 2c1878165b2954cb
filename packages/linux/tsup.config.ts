import { packageBuild } from '@osx/build-config/tsup';

export default packageBuild({
  inotify: 'src/inotify/index.ts',
  openat2: 'src/openat2/index.ts',
  pidfd: 'src/pidfd/index.ts',
  renameat2: 'src/renameat2/index.ts',
  xattr: 'src/xattr/index.ts',
});
