import type { PropertyShape } from '../dto-shape.ts';
import {
  BOOLEAN,
  DATE,
  DATE_PATTERN,
  DECIMAL_PATTERN,
  NUMBER,
  STRING,
  type TextReader,
} from '../text-reader.ts';
import { either } from './combine.ts';
import type { JsonSchema } from './json-schema.ts';

/** What may stand for a property in a query, in headers or cookies: the value itself, or a text that is read as one. */
export function textSchema({ text, isList }: PropertyShape, value: JsonSchema): JsonSchema {
  if (text === null) return value;
  const one = readable(text);
  if (isList) return either([value, one, { type: 'array', items: one }]);
  return text === STRING ? value : either([value, one]);
}

function readable(reader: TextReader): JsonSchema {
  if (reader.texts) return { type: 'string', enum: reader.texts };
  return TEXTS.get(reader) ?? { type: 'string' };
}

const TEXTS = new Map<TextReader, JsonSchema>([
  [NUMBER, { type: 'string', pattern: DECIMAL_PATTERN.source }],
  [BOOLEAN, { type: 'string', enum: ['true', 'false', '1', '0'] }],
  [DATE, { type: 'string', format: 'date-time', pattern: DATE_PATTERN.source }],
]);
