import { packageBuild } from '@osx/build-config/tsup';

export default packageBuild({ inotify: 'src/inotify/index.ts', pidfd: 'src/pidfd/index.ts' });
