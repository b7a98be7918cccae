import { either } from './combine.ts';
import type { JsonSchema } from './json-schema.ts';

const HEX = '[0-9a-fA-F]';

/** Whatever has the form of a UUID. */
export const UUID = uuid(`${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`);

/** A UUID of this version; of any version, the nil and the max UUID where none is named. */
export function uuidSchema(version: unknown): JsonSchema {
  const digits = version === undefined || version === null || version === 'all' ? '[1-8]' : String(version);
  const own = `${HEX}{8}-${HEX}{4}-${digits}${HEX}{3}-[89abAB]${HEX}{3}-${HEX}{12}`;
  return uuid(digits === '[1-8]' ? `(?:${own}|0{8}-(?:0{4}-){3}0{12}|[fF]{8}-(?:[fF]{4}-){3}[fF]{12})` : own);
}

function uuid(form: string): JsonSchema {
  return { type: 'string', format: 'uuid', pattern: `^${form}$` };
}

/** A presentation selector: class-validator counts it and the character before it as one, JSON Schema as two. */
const SELECTOR = '[\\uFE0E\\uFE0F]';

export function lengthSchema(min: number, max: number | undefined): JsonSchema {
  const least = min > 0 ? { minLength: min } : {};
  if (max === undefined) return { type: 'string', ...least };
  if (max === 0) return { type: 'string', ...least, maxLength: 0 };
  const most = either([{ maxLength: max }, { maxLength: 2 * max, pattern: SELECTOR }]);
  return { type: 'string', ...least, ...most };
}

/** Where it matters whether a character outside of the Basic Multilingual Plane is one or two, as the `u` flag says. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: every character that is not ASCII
const WIDE = /\.|\[\^|\\[SWDBPpu]|\(\?<?!|[^\x00-\x7F]/;
const ASTRAL = '[^\\u0000-\\uFFFF]';

/**
 * Evaluators of JSON Schema compile a pattern with the `u` flag or without; a schema has to accept what the RegExp
 * matches either way. What has flags of its own, or is no pattern with `u`, is left to the comment.
 */
export function patternSchema(pattern: RegExp): JsonSchema {
  const { source, flags } = pattern;
  const isWide = WIDE.test(source);
  if (!/^[gu]*$/.test(flags) || !isUnicode(source) || (isWide && flags.includes('u'))) {
    return { type: 'string', $comment: `also ${pattern}` };
  }
  if (!isWide) return { type: 'string', pattern: source };
  return { type: 'string', ...either([{ pattern: source }, { pattern: ASTRAL }]) };
}

function isUnicode(source: string): boolean {
  try {
    return new RegExp(source, 'u').unicode;
  } catch {
    return false;
  }
}
