import type { ClassLibraries } from '../class-libraries.ts';
import type { DtoShape } from '../dto-shape.ts';

const INSTANCE_TO_PLAIN = 1;

/** The name under which class-transformer sends each property; what it leaves out has none. */
export function outputNames(
  { type, outputs }: DtoShape,
  { types }: ClassLibraries,
): ReadonlyMap<string, string> {
  const exposed = types.getExposedProperties(type, INSTANCE_TO_PLAIN);
  const excluded = types.getExcludedProperties(type, INSTANCE_TO_PLAIN);
  const isClosed = types.getStrategy(type) === 'excludeAll';
  const names = new Map<string, string>();
  for (const name of outputs) {
    const options = types.findExposeMetadata(type, name)?.options;
    const isLeftOut = excluded.includes(name) || (isClosed && !exposed.includes(name));
    // No groups are asked for: `transformOptions` leave a class to the libraries.
    if (!isLeftOut && !options?.groups?.length) names.set(name, options?.name || name);
  }
  return names;
}
