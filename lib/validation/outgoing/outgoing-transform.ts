import type { TransformFnParams } from 'class-transformer';
import type { ClassLibraries } from '../class-libraries.ts';
import { MISS } from '../compiler/plan.ts';
import type { Class } from '../validator.ts';
import type { OutgoingPlan, OutgoingTransform } from './outgoing-plan.ts';

const INSTANCE_TO_PLAIN = 1;

/** The `@Transform()`s of a property on the way out as one function, or `null` without any. */
export function outgoingTransform(
  type: Class,
  name: string,
  { instanceOf }: Pick<OutgoingPlan, 'instanceOf'>,
  libraries: ClassLibraries,
): OutgoingTransform | null {
  const transforms = libraries.types
    .findTransformMetadatas(type, name, INSTANCE_TO_PLAIN)
    .filter(({ options }) => !options?.groups?.length);
  if (transforms.length === 0) return null;
  const options = optionsOf(libraries);
  return (value, from) => {
    // What is given for a Map is serialised by other rules.
    if (value instanceof Map) return MISS;
    const obj: object = instanceOf(from);
    const given = { key: name, obj, type: INSTANCE_TO_PLAIN, options };
    return transforms.reduce((taken: unknown, one) => one.transformFn({ ...given, value: taken }), value);
  };
}

/** What class-transformer itself passes on, taken from it by a class of ours. */
function optionsOf({ transformer }: ClassLibraries): TransformFnParams['options'] {
  const seen: TransformFnParams['options'][] = [];
  class Canary {
    seen = 1;
  }
  transformer.Transform(({ options }) => seen.push(options))(Canary.prototype, 'seen');
  transformer.instanceToPlain(new Canary());
  const [options] = seen;
  if (!options) throw new Error('class-transformer did not call a @Transform() of ours');
  return options;
}
