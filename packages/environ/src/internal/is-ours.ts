import type { EnvVar } from '../env-var.ts';
import type { VariableType } from '../variable-type.ts';
import { envVarBrand, hasBrand, variableTypeBrand } from './brand.ts';

/** Also one of another copy of this package, which has another class. */
export function isEnvVar(value: unknown): value is EnvVar<unknown, boolean> {
  return hasBrand(value, envVarBrand);
}

/** Also one of another copy of this package. */
export function isVariableType(value: unknown): value is VariableType<unknown> {
  return hasBrand(value, variableTypeBrand);
}
