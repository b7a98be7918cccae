import type { Mistake } from '../errors.ts';
import type { HookDeclaration, ParameterSource } from '../metadata/controller-metadata.ts';
import type { ReflectedType } from '../reflected-types.ts';

/** One parameter of a hook method, as declared. */
export interface Parameter {
  readonly index: number;
  readonly type: ReflectedType;
  readonly source: ParameterSource | undefined;
}

/** The hook whose parameters are being decided. */
export interface ArgumentContext {
  readonly declaration: HookDeclaration;
  readonly where: string;
  /** Of its method. */
  readonly pipes: readonly unknown[];
  readonly mistakes: Mistake[];
}

/** Reports a mistake about one parameter, which then has no argument; once where a method has two hooks. */
export function report(
  { index }: Parameter,
  { where, mistakes }: ArgumentContext,
  mistake: Omit<Mistake, 'where'>,
): undefined {
  const place = `${where} parameter ${index}`;
  if (!mistakes.some(known => known.where === place && known.what === mistake.what)) {
    mistakes.push({ ...mistake, where: place });
  }
  return undefined;
}
