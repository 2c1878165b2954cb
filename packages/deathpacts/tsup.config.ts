import { packageBuild } from '@osx/build-config/tsup';

export default packageBuild({
  index: 'src/index.ts',
  register: 'src/register.ts',
  cli: 'src/cli.ts',
  launcher: 'src/internal/launch/launcher.ts',
  guardian: 'src/internal/guardian/guardian.ts',
});
