import type { DeclaredType, Rule } from './class-metadata.ts';
import { BOOLEAN, DATE, enumReader, NUMBER, readerOf, STRING, type TextReader } from './text-reader.ts';

/** Everything the declaration of a property says about the text that may stand for its value. */
export interface PropertyDeclaration {
  readonly declared: DeclaredType | null;
  /** A class, or under Bun and Vite the enum object itself; `Object` for a union, or `String` for `string | null`. */
  readonly reflected: unknown;
  readonly rules: readonly Rule[];
  readonly isList: boolean;
}

/**
 * How to read a text into a property, or into one element of a list: by its enum, `@Type()`, the reflected type,
 * and, because unions and elements of arrays reflect nothing, by the rules that only one type can pass.
 * `null` when none of these tells.
 */
export function textReaderFor({
  declared,
  reflected,
  rules,
  isList,
}: PropertyDeclaration): TextReader | null {
  const members = enumOf(rules) ?? reflected;
  if (typeof members === 'object' && members !== null) return enumReader(members);
  if (declared !== null) return declared.kind === 'class' ? readerOf(declared.type) : null;
  return readerOf(reflected) ?? readerByRules(rules) ?? (isList ? STRING : null);
}

function enumOf(rules: readonly Rule[]): object | undefined {
  const members: unknown = rules.find(rule => rule.name === 'isEnum')?.constraints[0];
  return typeof members === 'object' && members !== null ? members : undefined;
}

const BY_RULE = new Map<string | undefined, TextReader>([
  ['isString', STRING],
  ['isInt', NUMBER],
  ['isNumber', NUMBER],
  ['min', NUMBER],
  ['max', NUMBER],
  ['isPositive', NUMBER],
  ['isNegative', NUMBER],
  ['isBoolean', BOOLEAN],
  ['isDate', DATE],
  ['minDate', DATE],
  ['maxDate', DATE],
]);

function readerByRules(rules: readonly Rule[]): TextReader | null {
  const telling = rules.find(rule => BY_RULE.has(rule.name));
  return telling ? (BY_RULE.get(telling.name) ?? null) : null;
}
