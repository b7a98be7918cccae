import type { Conversion, PropertyPlan } from './plan.ts';

/** A property on its way into generated code, where its value is the variable `a` with its position. */
export interface PropertyCode {
  readonly property: PropertyPlan;
  readonly at: string;
  /** The name under which the code sees a constant. */
  readonly bind: (constant: unknown) => string;
}

/** Code that turns the value of the input into that of the instance, or takes what the constructor left there. */
export function conversionSource(code: PropertyCode): string {
  const a = `a${code.at}`;
  const convert = `${convertSource(code.property, code)}${transformSource(code)}`;
  const isGiven = `g${code.at}`;
  const given = `const ${isGiven} = ${a} !== undefined;\nif (${isGiven}) {\n${convert}\n}`;
  if (code.property.hasDefault) return `${given} else {\n${initialSource(code)}\n}`;
  return convert === '' ? '' : given;
}

function initialSource({ property, at, bind }: PropertyCode): string {
  const a = `a${at}`;
  const refuse = property.nestedRule
    ? `!isHarmlessDefault(${a}, ${property.isOptional || property.skipsNull})`
    : isCollection(a);
  return `${a} = o[${bind(property.name)}];\nif (${refuse}) return MISS;`;
}

/** What `@Transform()` gives may be a Set or a Map, whose elements generated code does not look at. */
function transformSource({ property, at, bind }: PropertyCode): string {
  if (property.transform === null) return '';
  const a = `a${at}`;
  return [
    '',
    'if (source === undefined) source = sourceOf(v);',
    'if (source === MISS) return MISS;',
    `${a} = ${bind(property.transform)}(${a}, source);`,
    `if (${isCollection(a)}) return MISS;`,
  ].join('\n');
}

function isCollection(a: string): string {
  return `${a} instanceof Set || ${a} instanceof Map`;
}

function convertSource(
  { conversion, isOptional, skipsNull }: PropertyPlan,
  { at, bind }: PropertyCode,
): string {
  const a = `a${at}`;
  const orMiss = `if (${a} === MISS) return MISS;`;
  switch (conversion.kind) {
    case 'copy':
      return `if (typeof ${a} === 'object' && ${a} !== null) {\n${a} = copyJson(${a});\n${orMiss}\n}`;
    case 'cast':
      return castSource(conversion, a, bind);
    case 'nested': {
      const forNull = isOptional || skipsNull ? '' : `if (${a} === null) return MISS;\n`;
      return `${forNull}if (${a} !== null) {\n${a} = ${nestedSource(conversion, a, bind)};\n${orMiss}\n}`;
    }
    default:
      return '';
  }
}

type CastConversion = Extract<Conversion, { kind: 'cast' }>;
type NestedConversion = Extract<Conversion, { kind: 'nested' }>;

function castSource({ cast, takesLists }: CastConversion, a: string, bind: PropertyCode['bind']): string {
  const noLists = takesLists ? '' : `if (Array.isArray(${a})) return MISS;\n`;
  const convert = `${noLists}${a} = ${bind(cast.convert)}(${a});\nif (${a} === MISS) return MISS;`;
  return cast.keeps === '' ? convert : `if (typeof ${a} !== '${cast.keeps}') {\n${convert}\n}`;
}

/** The builder is looked up each time: it may be made after this code, or be replaced. */
function nestedSource({ nested }: NestedConversion, a: string, bind: PropertyCode['bind']): string {
  const builder = bind(nested.builder);
  const one = `${builder}.build(${a}, depth + 1)`;
  if (!nested.takesLists) return one;
  const list = `buildList(${a}, ${builder}, depth + 1)`;
  const short = Number.isFinite(nested.maxSize) ? `${a}.length > ${nested.maxSize} ? MISS : ${list}` : list;
  return `!Array.isArray(${a}) ? ${one} : ${short}`;
}
