import { typesOf } from './combine.ts';
import { ANYTHING, isNothing, type JsonSchema, type JsonType, NOTHING } from './json-schema.ts';
import { patternSchema, UUID } from './text-schemas.ts';

/** What class-validator's own constraints that are called, not inlined, say of a value as JSON. */
export interface CalledSchema {
  readonly schema: (constraints: readonly unknown[]) => JsonSchema;
  /** Whether it says all that the constraint does. */
  readonly isExact: boolean;
}

const text = (more: JsonSchema = {}): CalledSchema => ({
  schema: () => ({ type: 'string', ...more }),
  isExact: false,
});
const list: CalledSchema = { schema: () => ({ type: 'array' }), isExact: false };
const coordinate: CalledSchema = { schema: () => ({ type: ['number', 'string'] }), isExact: false };

/** Texts of which draft-07 has a word; `format` is no more than an annotation. */
const FORMATS: readonly (readonly [name: string, format: string])[] = [
  ['isEmail', 'email'],
  ['isFqdn', 'hostname'],
  ['isUrl', 'uri'],
  ['isRFC3339', 'date-time'],
  ['isIso8601', 'date-time'],
  ['isDateString', 'date-time'],
];

const TEXTS = [
  ...['contains', 'notContains', 'isAlpha', 'isAlphanumeric', 'isAscii', 'isBIC', 'isBase32', 'isBase58'],
  ...['isBtcAddress', 'isByteLength', 'isCreditCard', 'isCurrency', 'isDataURI', 'isDecimal', 'isEAN'],
  ...['isEthereumAddress', 'IsFirebasePushId', 'isFullWidth', 'isHSL', 'isHalfWidth', 'isHash', 'isHexColor'],
  ...[
    'isHexadecimal',
    'isIBAN',
    'isIsbn',
    'isIsin',
    'isISO31661Alpha2',
    'isISO31661Alpha3',
    'isISO31661Numeric',
  ],
  ...[
    'isISO4217CurrencyCode',
    'isISO6391',
    'isISRC',
    'isISSN',
    'isIdentityCard',
    'isJwt',
    'isLatLong',
    'isLocale',
  ],
  ...[
    'isLowercase',
    'isMacAddress',
    'isMagnetURI',
    'isMilitaryTime',
    'isMimeType',
    'isMobilePhone',
    'isMongoId',
  ],
  ...[
    'isMultibyte',
    'isNumberString',
    'isOctal',
    'isPassportNumber',
    'isPhoneNumber',
    'isPort',
    'isPostalCode',
  ],
  ...[
    'isRgbColor',
    'isSemVer',
    'isStrongPassword',
    'isSurrogatePair',
    'isTaxId',
    'isTimeZone',
    'isUppercase',
  ],
  ...['isVariableWidth', 'isBooleanString', 'isLength', 'minLength', 'maxLength'],
];

export const CALLED_SCHEMAS: ReadonlyMap<string, CalledSchema> = new Map<string, CalledSchema>([
  ...TEXTS.map(name => [name, text()] as const),
  ...FORMATS.map(([name, format]) => [name, text({ format })] as const),
  ['isIp', { schema: ([version]) => ({ type: 'string', ...ipFormat(version) }), isExact: false }],
  ['isUuid', { schema: () => UUID, isExact: false }],
  ['isBase64', text({ contentEncoding: 'base64' })],
  ['isJson', text({ contentMediaType: 'application/json' })],
  ['matches', { schema: ([pattern, flags]) => matching(pattern, flags), isExact: true }],
  ['isNumber', { schema: () => ({ type: 'number' }), isExact: false }],
  ['isDivisibleBy', { schema: ([by]) => ({ type: 'number', ...multipleOf(by) }), isExact: true }],
  ['isLatitude', coordinate],
  ['isLongitude', coordinate],
  ['isNotIn', { schema: ([values]) => noneOf(values), isExact: true }],
  ['isNotEmptyObject', { schema: () => ({ type: 'object' }), isExact: false }],
  ...['arrayContains', 'arrayNotContains', 'arrayUnique'].map(name => [name, list] as const),
  // Only what @Type() makes of the input is a Date.
  ['minDate', { schema: () => NOTHING, isExact: false }],
  ['maxDate', { schema: () => NOTHING, isExact: false }],
]);

function ipFormat(version: unknown): JsonSchema {
  if (String(version) === '4') return { format: 'ipv4' };
  return String(version) === '6' ? { format: 'ipv6' } : {};
}

/** A text is a pattern as well, with the flags beside it. */
function matching(pattern: unknown, flags: unknown): JsonSchema {
  return patternSchema(new RegExp(pattern as RegExp, flags as string | undefined));
}

function multipleOf(by: unknown): JsonSchema {
  return Number.isSafeInteger(by) && (by as number) > 0 ? { multipleOf: by as number } : {};
}

function noneOf(values: unknown): JsonSchema {
  if (!Array.isArray(values)) return ANYTHING;
  const members = values.filter(
    value => value === null || ['string', 'number', 'boolean'].includes(typeof value),
  );
  return members.length === 0 ? ANYTHING : { not: { enum: members } };
}

/** Values of each type, and what is no JSON. */
const SAMPLES: readonly (readonly [type: string, value: unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ...[true, false].map(value => ['boolean', value] as const),
  ...[0, 1, -1, 0.5, 7].map(value => ['number', value] as const),
  ...['', 'a', '1', 'true'].map(value => ['string', value] as const),
  ...[[], ['a'], [1]].map(value => ['array', value] as const),
  ...[{}, { a: 1 }].map(value => ['object', value] as const),
];

/** Values that the schema refuses for their type: a constraint that takes one is not the built-in of its name. */
export function samplesAgainst(schema: JsonSchema): readonly unknown[] {
  const types = isNothing(schema) ? [] : typesOf(schema);
  return SAMPLES.filter(([type]) => !types.includes(type as JsonType)).map(([, value]) => value);
}
