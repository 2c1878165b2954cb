import { packageBuild } from '@osx/build-config/tsup';

export default packageBuild({
  index: 'src/index.ts',
  console: 'src/console.ts',
  pino: 'src/pino.ts',
  winston: 'src/winston.ts',
});
