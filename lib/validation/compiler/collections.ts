import { isHarmless, type Plain } from '../undeclared.ts';
import { mapList } from './copy-json.ts';
import { type Lists, MISS, type NestedPlan } from './plan.ts';
import type { PropertyContext, PropertySource } from './property-source.ts';

/** What class-transformer makes of a list, by the reflected type; `null` for a collection that only it can fill. */
export function listsOf(
  { type, shape }: PropertySource,
  { libraries }: PropertyContext,
  isNested: boolean,
): Lists | null {
  const reflected: unknown = libraries.types.findTypeMetadata(type, shape.name)?.reflectedType;
  if (shape.isMap !== (reflected === Map)) return null;
  if (isNested && shape.isSingle) return { takesLists: false, collection: 'array' };
  if (reflected === Map) return { takesLists: true, collection: 'map' };
  if (reflected === Set) return { takesLists: true, collection: 'set' };
  return plainLists(reflected);
}

/** class-transformer makes one of the reflected type to see whether it can hold a list, and takes an array if not. */
function plainLists(reflected: unknown): Lists | null {
  if (reflected === undefined || reflected === Array) return { takesLists: true, collection: 'array' };
  try {
    const made: unknown = new (reflected as new () => unknown)();
    return made instanceof Set || 'push' in Object(made) ? null : { takesLists: true, collection: 'array' };
  } catch {
    return { takesLists: false, collection: 'array' };
  }
}

/** A Set of what each element becomes. */
export function buildSet(list: readonly unknown[], build: (item: unknown) => unknown): unknown {
  const items = mapList(list, build);
  return items === MISS ? MISS : new Set(items as unknown[]);
}

/** A Map of what each property becomes, without those whose names a Map has itself: class-transformer leaves them out. */
export function buildMap(value: object, build: (item: unknown, key: string) => unknown): unknown {
  if (Object.getPrototypeOf(value) !== Object.prototype) return MISS;
  const map = new Map<string, unknown>();
  for (const key of Object.keys(value).filter(isHarmless)) {
    const item = (value as Plain)[key];
    const isLeftOut = key in Map.prototype;
    // What is left out was prepared nevertheless, and may have been found wrong.
    if (isLeftOut && typeof item !== 'object') continue;
    const built = isLeftOut ? MISS : build(item, key);
    if (built === MISS) return MISS;
    map.set(key, built);
  }
  return map;
}

/** Lists in a Map are not prepared, and class-transformer confuses its keys with the properties of the class. */
export function isOddEntry({ isSpecial }: NestedPlan, item: unknown, key: string): boolean {
  return Array.isArray(item) || isSpecial(key);
}

/** A collection of nested DTOs as it would be, with each DTO as it was sent. */
export function shallowNested(nested: NestedPlan, given: unknown): unknown {
  const { collection, takesLists } = nested;
  if (Array.isArray(given)) return collection === 'set' && takesLists ? new Set(given) : given;
  if (collection !== 'map' || typeof given !== 'object' || given === null) return given;
  return buildMap(given, (item, key) => (isOddEntry(nested, item, key) ? MISS : item));
}

/** What a list, a Set or a Map holds, each with the name that class-validator gives it; `null` for anything else. */
export function itemsOf(value: object): readonly (readonly [string | number, unknown])[] | null {
  if (value instanceof Map) return [...value];
  return Array.isArray(value) || value instanceof Set ? [...value].map((item, at) => [at, item]) : null;
}
