import type { Conversion, PropertyPlan } from './plan.ts';

/** A property on its way into generated code, where its value is the variable `a` with its position. */
export interface PropertyCode {
  readonly property: PropertyPlan;
  readonly at: string;
  /** The name under which the code sees a constant. */
  readonly bind: (constant: unknown) => string;
}

/** Code that reads the value of a property: what `givenTo()` does. */
export function inputSource({ property, at, bind }: PropertyCode): string {
  const { key, rivals } = property.input;
  const miss = rivals.map(rival => `if (v[${bind(rival)}] !== undefined) return MISS;`);
  return [`let a${at}${key === null ? '' : ` = v[${bind(key)}]`};`, ...miss].join('\n');
}

/** Code that turns the value of the input into that of the instance, or takes what the constructor left there. */
export function conversionSource(code: PropertyCode): string {
  const { property, at } = code;
  const a = `a${at}`;
  const converted = convertSource(property, code);
  const transformed = transformSource(code);
  if (property.input.absent === 'undefined')
    return [ifSource(`${a} !== undefined`, converted), transformed, leftSource(code)].join('');
  const source = [
    ifSource(`g${at}`, `${converted}${transformed}`),
    property.keepsDefault ? leftSource(code) : ifSource(`!g${at}`, initialSource(code)),
  ].join('');
  return source === '' ? '' : `const g${at} = ${a} !== undefined;\n${source}`;
}

function ifSource(condition: string, source: string): string {
  return source === '' ? '' : `if (${condition}) {\n${source}}\n`;
}

/** Code for an `undefined` that does not count: the constructor's value stays. */
function leftSource(code: PropertyCode): string {
  return code.property.keepsDefault ? ifSource(`a${code.at} === undefined`, initialSource(code)) : '';
}

function initialSource({ property, at, bind }: PropertyCode): string {
  if (!property.hasDefault) return '';
  const a = `a${at}`;
  const initial = `${a} = o[${bind(property.name)}];\n`;
  if (property.nestedRule === null || property.nestedCheck !== null) return initial;
  return `${initial}if (!isHarmlessDefault(${a}, ${takesNull(property)})) return MISS;\n`;
}

function takesNull({ isOptional, skipsNull, conditions }: PropertyPlan): boolean {
  return isOptional || skipsNull || conditions.length > 0;
}

function transformSource({ property, at, bind }: PropertyCode): string {
  if (property.transform === null) return '';
  const a = `a${at}`;
  return [
    'if (source === undefined) source = sourceOf(v);',
    'if (source === MISS) return MISS;',
    `${a} = ${bind(property.transform)}(${a}, source);`,
    '',
  ].join('\n');
}

function convertSource(property: PropertyPlan, { at, bind }: PropertyCode): string {
  const { conversion, convert } = property;
  const a = `a${at}`;
  const orMiss = `if (${a} === MISS) return MISS;\n`;
  switch (conversion.kind) {
    case 'copy':
      return `if (typeof ${a} === 'object' && ${a} !== null) {\n${a} = copyJson(${a});\n${orMiss}}\n`;
    case 'library':
      return `${a} = ${bind(convert)}(${a}, depth);\n${orMiss}`;
    case 'cast':
      if (conversion.collection !== 'array') return `${a} = ${bind(convert)}(${a}, depth);\n${orMiss}`;
      return castSource(conversion, a, bind);
    case 'nested': {
      if (!isInlinedNested(conversion)) return `${a} = ${bind(convert)}(${a}, depth);\n${orMiss}`;
      const forNull = takesNull(property) ? '' : `if (${a} === null) return MISS;\n`;
      return `${forNull}if (${a} !== null) {\n${a} = ${nestedSource(conversion, a, bind)};\n${orMiss}}\n`;
    }
    default:
      return '';
  }
}

/** Whether there are no more than objects of one class, and lists of them. */
function isInlinedNested({ nested }: NestedConversion): boolean {
  return nested.collection === 'array' && (nested.choice === null || !nested.takesLists);
}

type CastConversion = Extract<Conversion, { kind: 'cast' }>;
type NestedConversion = Extract<Conversion, { kind: 'nested' }>;

function castSource({ cast, takesLists }: CastConversion, a: string, bind: PropertyCode['bind']): string {
  const noLists = takesLists ? '' : `if (Array.isArray(${a})) return MISS;\n`;
  const convert = `${noLists}${a} = ${bind(cast.convert)}(${a});\nif (${a} === MISS) return MISS;\n`;
  return cast.keeps === '' ? convert : `if (typeof ${a} !== '${cast.keeps}') {\n${convert}}\n`;
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
