import type { ClassConstructor } from 'class-transformer';
import type { Discriminator } from '../class-metadata.ts';
import { copyUndeclared, isTooWide } from '../undeclared.ts';
import type { Class } from '../validator.ts';
import { choiceOf, chooser } from './choose-class.ts';
import { listsOf } from './collections.ts';
import { isCondition } from './conditions.ts';
import { castOf } from './copy-json.ts';
import { type Conversion, isInlined, type Lists, MISS, type NestedClass, type RulePlan } from './plan.ts';
import type { PropertyContext, PropertySource } from './property-source.ts';

/** How the value of the input becomes that of the instance, or why only class-transformer can tell. */
export function conversionOf(
  source: PropertySource,
  context: PropertyContext,
  rules: readonly RulePlan[],
): Conversion | string {
  const { type, shape } = source;
  const declared = context.metadata.declaredType(type, shape.name);
  const isNested = source.rules.some(rule => rule.type === 'nestedValidation');
  const isTransformed = context.metadata.hasTransform(type, shape.name);
  if (declared?.kind === 'dynamic') return '@Type() that looks at the value';
  if (declared === null && isNested && !isTransformed) return '@ValidateNested() without @Type()';
  if (declared === null) return untypedConversion(source, context, isTransformed ? [] : rules);
  const lists = listsOf(source, context, isNested);
  if (lists === null) return 'a collection that is no Array, Set or Map';
  const cast = castOf(declared.type);
  if (isNested && cast !== null) return '@ValidateNested() of a scalar type';
  if (isNested) return nestedConversion(source, context, { lists, ...declared });
  if (cast !== null && declared.kind === 'class') return { kind: 'cast', cast, ...lists };
  return libraryConversion(source, context, { lists, ...declared });
}

const NOTHING: NestedClass = { builder: { build: () => MISS }, plan: () => null };

interface Declared {
  readonly lists: Lists;
  readonly kind: 'class' | 'discriminated';
  readonly type: Class;
  readonly by?: Discriminator;
}

function nestedConversion(
  source: PropertySource,
  context: PropertyContext,
  { lists, type, by }: Declared,
): Conversion | string {
  const { shape } = source;
  const { types } = context.libraries;
  if (shape.nested === null) return '@ValidateNested() without a class that has rules';
  const nested = {
    ...lists,
    maxSize: shape.maxSize,
    isSpecial: (key: string) =>
      types.findTypeMetadata(type, key) !== undefined ||
      types.findExposeMetadataByCustomName(type, key) !== undefined ||
      context.metadata.hasTransform(type, key),
  };
  if (by === undefined)
    return { kind: 'nested', nested: { ...nested, ...context.nestedIn(type), choice: null } };
  const keeps = types.findTypeMetadata(source.type, shape.name).options.keepDiscriminatorProperty === true;
  const choice = choiceOf({ type, by, keeps }, (one, tag) => {
    // The base class of a discriminated property is often abstract, and then needs no rules.
    return context.metadata.rulesOf(one).size === 0 ? NOTHING : context.nestedIn(one, tag);
  });
  if (typeof choice === 'string') return choice;
  if (lists.collection === 'map') return 'a Map of classes told apart by a discriminator';
  const builder = chooser(choice);
  return { kind: 'nested', nested: { ...nested, builder, plan: () => null, choice } };
}

/** `@Type()` without `@ValidateNested()`: instances of a class whose rules nobody asks for. */
function libraryConversion(
  { shape }: PropertySource,
  { libraries, options }: PropertyContext,
  { lists, type: declared, kind }: Declared,
): Conversion | string {
  const is = `@Type(() => ${declared?.name})`;
  const isPlain = lists.collection === 'array' && lists.takesLists && !shape.isMap;
  if (kind === 'discriminated' || typeof declared !== 'function' || !isPlain)
    return `${is} without @ValidateNested()`;
  const transform = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (isTooWide(value)) return MISS;
    return libraries.transformer.plainToInstance(
      declared as ClassConstructor<object>,
      copyUndeclared(value) as object,
      options.transformer,
    );
  };
  return { kind: 'library', transform };
}

/** A rule that lets no object pass makes a copy needless, if it always runs. */
function untypedConversion(
  source: PropertySource,
  { options }: PropertyContext,
  rules: readonly RulePlan[],
): Conversion | string {
  const runs = source.rules.some(isCondition);
  const scalar = runs ? [] : rules.filter(rule => isInlined(rule) && rule.leaf?.isScalar);
  if (scalar.some(rule => !rule.each)) return { kind: 'scalar' };
  if (options.transformer.strategy === 'excludeAll') return "what is no scalar, under strategy: 'excludeAll'";
  return { kind: scalar.length > 0 ? 'scalars' : 'copy' };
}
