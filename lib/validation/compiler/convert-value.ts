import { isObject } from '../undeclared.ts';
import { buildList, isHarmlessDefault, MOST_LEVELS } from './build-parts.ts';
import { buildMap, buildSet, isOddEntry } from './collections.ts';
import { copyJson, mapList } from './copy-json.ts';
import { type Build, type Conversion, MISS, type NestedPlan, type PropertyPlan } from './plan.ts';

type CastConversion = Extract<Conversion, { kind: 'cast' }>;

/** The conversion of a property as a function: what `conversionSource()` is as code. */
export function converterOf(conversion: Conversion, takesNull: boolean): Build {
  switch (conversion.kind) {
    case 'scalar':
      return value => value;
    case 'nested':
      return nestedConverter(conversion.nested, takesNull);
    case 'cast':
      return castConverter(conversion);
    case 'library':
      return conversion.transform;
    default:
      return value => (typeof value === 'object' ? copyJson(value) : value);
  }
}

function castConverter({ cast, takesLists, collection }: CastConversion): Build {
  return value => {
    if (Array.isArray(value)) {
      if (!takesLists) return MISS;
      return collection === 'set' ? buildSet(value, cast.convert) : cast.convert(value);
    }
    if (collection !== 'map') return cast.convert(value);
    // What is no object is no Map, and stays as it is.
    return isObject(value) ? buildMap(value, cast.convert) : value;
  };
}

function nestedConverter(nested: NestedPlan, takesNull: boolean): Build {
  const { builder, takesLists, maxSize, collection } = nested;
  // class-transformer does not tell the elements of a list in a list apart: the builder misses them.
  const one: Build = (value, depth) =>
    nested.choice === null && Array.isArray(value)
      ? buildList(value, builder, depth)
      : builder.build(value, depth);
  return (value, depth) => {
    if (value === null) return takesNull ? null : MISS;
    if (depth > MOST_LEVELS) return MISS;
    if (takesLists && Array.isArray(value)) {
      if (value.length > maxSize) return MISS;
      const build = (item: unknown) => one(item, depth + 2);
      return collection === 'set' ? buildSet(value, build) : mapList(value, build);
    }
    if (collection !== 'map' || typeof value !== 'object') return builder.build(value, depth + 1);
    return buildMap(value, (item, key) =>
      isOddEntry(nested, item, key) ? MISS : builder.build(item, depth + 1),
    );
  };
}

/** Whether what the constructor left in a property can be checked as if it had been sent. */
export function isUsableDefault(plan: PropertyPlan, value: unknown): boolean {
  if (plan.nestedRule === null || plan.nestedCheck !== null) return true;
  return isHarmlessDefault(value, plan.isOptional || plan.skipsNull || plan.conditions.length > 0);
}
