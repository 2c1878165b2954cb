import { packageBuild } from '@osx/build-config/tsup';

export default packageBuild({
  index: 'src/index.ts',
  register: 'src/register.ts',
  'experimental-fork': 'src/experimental-fork.ts',
});
