import { packageBuild } from '@osx/build-config/tsup';

export default packageBuild();
