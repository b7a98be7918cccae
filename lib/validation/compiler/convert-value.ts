import { buildList, isHarmlessDefault } from './build-parts.ts';
import { copyJson } from './copy-json.ts';
import { type Build, type Conversion, MISS, type NestedPlan, type PropertyPlan } from './plan.ts';

/** The conversion of a property as a function: what `conversionSource()` is as code. */
export function converterOf(conversion: Conversion, takesNull: boolean): Build {
  if (conversion.kind === 'scalar') return value => value;
  if (conversion.kind === 'nested') return nestedConverter(conversion.nested, takesNull);
  if (conversion.kind === 'cast') {
    const { cast, takesLists } = conversion;
    return value => (!takesLists && Array.isArray(value) ? MISS : cast.convert(value));
  }
  return value => (typeof value === 'object' ? copyJson(value) : value);
}

function nestedConverter({ builder, takesLists, maxSize }: NestedPlan, takesNull: boolean): Build {
  return (value, depth) => {
    if (value === null) return takesNull ? null : MISS;
    if (!takesLists || !Array.isArray(value)) return builder.build(value, depth + 1);
    return value.length > maxSize ? MISS : buildList(value, builder, depth + 1);
  };
}

/** Whether what the constructor left in a property can be checked as if it had been sent. */
export function isUsableDefault(plan: PropertyPlan, value: unknown): boolean {
  if (plan.nestedRule) return isHarmlessDefault(value, plan.isOptional || plan.skipsNull);
  return !(value instanceof Set || value instanceof Map);
}
