import type { Mistake } from '../errors.ts';
import { propertyType } from '../reflected-types.ts';
import type { ClassMetadata, DeclaredType, Rule } from './class-metadata.ts';
import type { Class } from './validator.ts';

/** A mistake in a DTO class; whoever uses the class adds where. */
export type DtoMistake = Omit<Mistake, 'where'>;

/** Everything at start that would make a DTO fail, or pass, for each value: of the class and of those below it. */
export function inspectDto(type: Class, metadata: ClassMetadata): readonly DtoMistake[] {
  return inspectClass(type, metadata, new Set());
}

function inspectClass(type: Class, metadata: ClassMetadata, seen: Set<Class>): DtoMistake[] {
  if (seen.has(type)) return [];
  seen.add(type);
  const rules = metadata.allRulesOf(type);
  if (rules.size === 0) return [undecorated(type)];
  return [...rules].flatMap(([name, own]) => inspectProperty({ type, name, rules: own }, metadata, seen));
}

interface Property {
  readonly type: Class;
  readonly name: string;
  readonly rules: readonly Rule[];
}

function inspectProperty(property: Property, metadata: ClassMetadata, seen: Set<Class>): DtoMistake[] {
  const { type, name, rules } = property;
  if (name in Object.prototype) return [shadowsObject(property)];
  const ignored = rules.filter(rule => isIgnored(rule, metadata)).map(rule => unregistered(property, rule));
  const nested = rules.find(rule => rule.type === 'nestedValidation');
  if (!nested || metadata.hasTransform(type, name)) return ignored;
  return [...ignored, ...inspectNested(property, nested, { metadata, seen })];
}

interface Inspection {
  readonly metadata: ClassMetadata;
  readonly seen: Set<Class>;
}

function inspectNested(property: Property, rule: Rule, { metadata, seen }: Inspection): DtoMistake[] {
  const declared = declaredType(property, metadata);
  if (declared === null) return [needsType(property, rule)];
  return classesOf(declared).flatMap(type => {
    return typeof type === 'function'
      ? inspectClass(type as Class, metadata, seen)
      : [undefinedType(property)];
  });
}

/** A thunk may throw, for a class that a circular import has not defined yet. */
function declaredType({ type, name }: Property, metadata: ClassMetadata): DeclaredType | null {
  try {
    return metadata.declaredType(type, name);
  } catch {
    return { kind: 'class', type: undefined as never };
  }
}

function classesOf(declared: DeclaredType): readonly unknown[] {
  if (declared.kind === 'dynamic') return [];
  if (declared.kind === 'class') return [declared.type];
  // The base class of a discriminated property is often abstract, and then needs no rules.
  return declared.by.subTypes.map(({ value }) => value);
}

function isIgnored(rule: Rule, metadata: ClassMetadata): boolean {
  return rule.type === 'customValidation' && metadata.constraintsOf(rule).length === 0;
}

function undecorated(type: Class): DtoMistake {
  return {
    code: 'GATEWIRE_UNDECORATED_DTO',
    what: `${type.name} has no validation decorators, so none of its properties would be let through`,
    fix: `Decorate the properties of ${type.name} with class-validator: @IsString(), @IsInt(), …, or @Allow()`,
  };
}

function shadowsObject({ type, name }: Property): DtoMistake {
  return {
    code: 'GATEWIRE_INVALID_DTO',
    what: `${type.name}.${name} has a name that every object has, which class-validator cannot check`,
    fix: `Rename the property, and give it @Expose({ name: '${name}' }) if the message has to keep the name`,
  };
}

function unregistered({ type, name }: Property, rule: Rule): DtoMistake {
  const constraint = rule.constraintCls?.name ?? 'its class';
  return {
    code: 'GATEWIRE_INVALID_DTO',
    what: `${type.name}.${name} is given @Validate(${constraint}), which class-validator ignores`,
    fix: `Decorate ${constraint} with @ValidatorConstraint()`,
  };
}

function needsType({ type, name }: Property, rule: Rule): DtoMistake {
  const reflected: unknown = propertyType(type.prototype as object, name);
  const isList = reflected === Array || rule.each;
  const element =
    isList || typeof reflected !== 'function' || reflected === Object ? elementName(name) : reflected.name;
  return {
    code: 'GATEWIRE_INVALID_DTO',
    what: `${type.name}: ${name}: ${element}${isList ? '[]' : ''} needs @Type(() => ${element})`,
    fix: `Add @Type(() => ${element}) from class-transformer, naming the class of ${isList ? 'an element' : 'the value'}`,
  };
}

/** The class that `items` probably holds: what an array holds is not reflected. */
function elementName(property: string): string {
  const singular = property.replace(/ies$/, 'y').replace(/s$/, '');
  return `${singular.charAt(0).toUpperCase()}${singular.slice(1)}`;
}

function undefinedType({ type, name }: Property): DtoMistake {
  return {
    code: 'GATEWIRE_INVALID_DTO',
    what: `${type.name}.${name} has a @Type() that names no class`,
    got: 'undefined',
    fix: 'Break the circular import between the two classes, or put them into one file',
  };
}
