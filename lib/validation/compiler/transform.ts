import type { TransformFnParams } from 'class-transformer';
import type { ClassLibraries } from '../class-libraries.ts';
import type { ClassMetadata } from '../class-metadata.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { Class } from '../validator.ts';
import type { PropertyPlan } from './plan.ts';

type Given = Pick<TransformFnParams, 'type' | 'options'>;

interface TransformContext {
  readonly metadata: ClassMetadata;
  readonly libraries: ClassLibraries;
  readonly options: ResolvedOptions;
}

/** The `@Transform()`s of a property as one function, or `null` without any. */
export function transformOf(
  type: Class,
  name: string,
  { metadata, libraries, options }: TransformContext,
): PropertyPlan['transform'] {
  const transforms = metadata.transformsOf(type, name);
  if (transforms.length === 0) return null;
  const { type: transformation, options: defaults } = givenBy(libraries);
  const given = { type: transformation, options: { ...defaults, ...options.transformer } };
  return (value, obj) => {
    return transforms.reduce(
      (taken: unknown, one) => one.transformFn({ ...given, value: taken, key: name, obj }),
      value,
    );
  };
}

/** What class-transformer itself passes on beside the value, taken from it by a class of ours. */
function givenBy({ transformer }: ClassLibraries): Given {
  const seen: Given[] = [];
  class Canary {}
  const look = ({ type, options }: TransformFnParams) => {
    seen.push({ type, options });
  };
  transformer.Transform(look)(Canary.prototype, 'seen');
  transformer.plainToInstance(Canary, { seen: 1 });
  const [given] = seen;
  if (!given) throw new Error('class-transformer did not call a @Transform() of ours');
  return given;
}
