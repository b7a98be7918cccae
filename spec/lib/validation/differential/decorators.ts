import type { ValidationOptions } from 'class-validator';
import * as validator from 'class-validator';

/** One decorator of class-validator with arguments, and values that it lets pass. */
export interface Case {
  readonly name: string;
  readonly decorate: (options?: ValidationOptions) => PropertyDecorator;
  readonly good: readonly unknown[];
}

enum Level {
  Low,
  High = 5,
}
enum Mood {
  Good = 'good',
  Bad = 'bad',
}

/** A decorator whose only argument is the options. */
const PLAIN: Record<string, readonly unknown[]> = {
  IsDefined: [0],
  IsEmpty: [''],
  IsNotEmpty: ['a'],
  IsInt: [1],
  IsPositive: [1],
  IsNegative: [-1],
  IsString: ['a'],
  IsBoolean: [true],
  IsArray: [[]],
  IsObject: [{ a: 1 }],
  IsDate: [],
  ArrayNotEmpty: [[1]],
  IsBooleanString: ['true'],
  IsLatLong: ['1,2'],
  IsLatitude: [1],
  IsLongitude: [1],
  IsAscii: ['a'],
  IsBIC: ['DEUTDEFF'],
  IsBtcAddress: ['1MUz4VMYui5qY1mxUiG8BQ1Luv6tqkvaiL'],
  IsDataURI: ['data:,a'],
  IsEAN: ['9771234567003'],
  IsEthereumAddress: ['0x683E07492fBDfDA84457C16546ac3f433BFaa128'],
  IsFirebasePushId: ['-M-Jh_1KAH5rYGF_7-kY'],
  IsFullWidth: ['ａ'],
  IsHSL: ['hsl(1,1%,1%)'],
  IsHalfWidth: ['a'],
  IsHexColor: ['#fff'],
  IsHexadecimal: ['ff'],
  IsIBAN: ['DE89370400440532013000'],
  IsISIN: ['US0378331005'],
  IsISO31661Alpha2: ['DE'],
  IsISO31661Alpha3: ['DEU'],
  IsISO31661Numeric: ['276'],
  IsISO4217CurrencyCode: ['EUR'],
  IsISO6391: ['de'],
  IsISRC: ['USS1Z9900001'],
  IsJSON: ['{}'],
  IsJWT: ['a.b.c'],
  IsLocale: ['de'],
  IsLowercase: ['a'],
  IsMACAddress: ['01:23:45:67:89:ab'],
  IsMagnetURI: ['magnet:?xt=urn:btih:06E2A9683BF4DA92C73A661AC56F0ECC9C63C5B4'],
  IsMilitaryTime: ['13:00'],
  IsMimeType: ['text/plain'],
  IsMongoId: ['507f1f77bcf86cd799439011'],
  IsMultibyte: ['ａ'],
  IsNumberString: ['5'],
  IsOctal: ['7'],
  IsPort: ['80'],
  IsRFC3339: ['2024-01-01T00:00:00Z'],
  IsRgbColor: ['rgb(1,1,1)'],
  IsSemVer: ['1.0.0'],
  IsStrongPassword: ['aA1!aaaaa'],
  IsSurrogatePair: ['😀'],
  IsTimeZone: ['Europe/Berlin'],
  IsUppercase: ['A'],
  IsVariableWidth: ['aａ'],
  IsCreditCard: ['4111111111111111'],
  IsBase58: ['a'],
  Allow: [1],
};

/** Decorators with arguments before the options. */
const WITH_ARGUMENTS: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  ['Equals', [5], [5]],
  ['Equals', ["a'$&\n\u2028"], ["a'$&\n\u2028"]],
  ['NotEquals', [5], [6]],
  ['IsIn', [['a', 1, null]], ['a', 1, null]],
  ['IsNotIn', [['a', 1]], ['b']],
  ['IsNumber', [{}], [1.5]],
  ['IsNumber', [{ maxDecimalPlaces: 2 }], [1.25]],
  ['IsNumber', [{ allowNaN: true }], [1]],
  ['Min', [3], [3]],
  ['Max', [3], [3]],
  ['Min', [-3], [-3]],
  ['IsDivisibleBy', [3], [6]],
  ['IsEnum', [Level], [0, 'Low']],
  ['IsEnum', [Mood], ['good']],
  ['ArrayMinSize', [2], [[1, 2]]],
  ['ArrayMaxSize', [2], [[1, 2]]],
  ['ArrayContains', [[1]], [[1, 2]]],
  ['ArrayNotContains', [[1]], [[2]]],
  ['ArrayUnique', [], [[1, 2]]],
  ['ArrayUnique', [(item: { id?: unknown }) => item.id], [[{ id: 1 }, { id: 2 }]]],
  ['Length', [2, 4], ['abc']],
  ['Length', [1], ['a']],
  ['MinLength', [3], ['abc']],
  ['MinLength', [0], ['']],
  ['MaxLength', [3], ['abc']],
  ['Matches', [/^a.c$/i], ['abc']],
  ['Matches', [/a/g], ['abc']],
  ['Matches', ['^a', 'i'], ['Abc']],
  ['IsUUID', [], ['9b2e1f3c-6f0d-4c58-8d47-0d9b9e1c2a3f']],
  ['IsUUID', ['4'], ['9b2e1f3c-6f0d-4c58-8d47-0d9b9e1c2a3f']],
  ['IsUUID', [4], ['9b2e1f3c-6f0d-4c58-8d47-0d9b9e1c2a3f']],
  ['IsUUID', ['loose'], ['9b2e1f3c-6f0d-4c58-8d47-0d9b9e1c2a3f']],
  ['IsUUID', ['nil'], ['00000000-0000-0000-0000-000000000000']],
  ['Contains', ['b'], ['abc']],
  ['NotContains', ['b'], ['ac']],
  ['IsAlpha', ['en-US'], ['abc']],
  ['IsAlphanumeric', ['en-US'], ['abc1']],
  ['IsBase32', [{}], ['MFRGGZDF']],
  ['IsBase64', [{}], ['YQ==']],
  ['IsByteLength', [1, 3], ['abc']],
  ['IsCurrency', [{}], ['5']],
  ['IsDateString', [{}], ['2024-01-01']],
  ['IsDecimal', [{}], ['1.5']],
  ['IsEmail', [{}], ['a@example.com']],
  ['IsFQDN', [{}], ['example.com']],
  ['IsHash', ['md5'], ['d41d8cd98f00b204e9800998ecf8427e']],
  ['IsIP', [4], ['127.0.0.1']],
  ['IsISBN', ['13'], ['9783836221191']],
  ['IsISO8601', [{}], ['2024-01-01']],
  ['IsISSN', [{}], ['0378-5955']],
  ['IsIdentityCard', ['any'], []],
  ['IsMobilePhone', ['de-DE'], ['+4915112345678']],
  ['IsPassportNumber', ['DE'], ['C01X00T41']],
  ['IsPhoneNumber', ['DE'], ['+4915112345678']],
  ['IsPostalCode', ['DE'], ['12345']],
  ['IsTaxId', ['de-DE'], []],
  ['IsUrl', [{}], ['https://example.com']],
  ['IsInstance', [Date], []],
  ['IsNotEmptyObject', [{}], [{ a: 1 }]],
  ['MinDate', [new Date(0)], []],
  ['MaxDate', [new Date('2030-01-01')], []],
];

type Decorator = (...args: unknown[]) => PropertyDecorator;

const decorator = (name: string) => Reflect.get(validator, name) as Decorator;

/** Every decorator that checks a value by itself; some with several arguments. */
export const CASES: readonly Case[] = [
  ...Object.entries(PLAIN).map(([name, good]): Case => {
    return { name: `${name}()`, good, decorate: options => plainDecorator(name, options) };
  }),
  ...WITH_ARGUMENTS.map(([name, args, good]): Case => {
    const filled = padded(name, args);
    return {
      name: `${name}(${args.map(describe).join(', ')})`,
      good,
      decorate: options => decorator(name)(...filled, options),
    };
  }),
];

/** These take other arguments before the options, which may be left out. */
const OPTIONAL_FIRST = new Set([
  'IsMACAddress',
  'IsStrongPassword',
  'IsNumberString',
  'IsISBN',
  'IsRgbColor',
  'IsEthereumAddress',
]);

function plainDecorator(name: string, options?: ValidationOptions): PropertyDecorator {
  return OPTIONAL_FIRST.has(name) ? decorator(name)(undefined, options) : decorator(name)(options);
}

function padded(name: string, args: readonly unknown[]): readonly unknown[] {
  if (name === 'IsUUID' && args.length === 0) return [undefined];
  if (name === 'Length' && args.length === 1) return [...args, undefined];
  return args;
}

function describe(argument: unknown): string {
  return typeof argument === 'object' && !(argument instanceof RegExp)
    ? JSON.stringify(argument)
    : String(argument);
}
