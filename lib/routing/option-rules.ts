import type { Origins, RouteOptions } from '../metadata/route-options.ts';
import { parseOrigins } from './origins.ts';
import { isRateLimitOption, RATE_LIMIT_RANGE } from './rate-limits.ts';
import { isReservedHeader } from './reserved-headers.ts';

/** What an option accepts, in words, and the test. */
export type OptionRule = readonly [range: string, test: (value: unknown) => boolean];

const MAX_BYTES = 2 ** 32 - 1;
/** RFC 9110 §5.6.2; a subprotocol (RFC 6455 §4.1) and a header name are one. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TRUE_OR_FALSE: OptionRule = ['true or false', value => typeof value === 'boolean'];
const COMPRESSORS = new Set<unknown>([
  ...[true, false, 'disable', 'shared', 'dedicated'],
  ...['3KB', '4KB', '8KB', '16KB', '32KB', '64KB', '128KB', '256KB'],
]);

/** The options of a route. */
export const OPTION_RULES: { readonly [Name in keyof Required<RouteOptions>]: OptionRule } = {
  concurrency: wholeNumber(1, 65_536),
  maxPending: wholeNumber(1, 65_536),
  maxPayloadLength: wholeNumber(1, MAX_BYTES, 'of bytes '),
  maxDepth: wholeNumber(1, 512),
  maxNodes: wholeNumber(1, MAX_BYTES),
  maxKeys: wholeNumber(1, MAX_BYTES),
  rateLimit: [RATE_LIMIT_RANGE, isRateLimitOption],
  maxTopics: wholeNumber(1, 1_000_000),
  handlerTimeout: wholeNumber(0, 3600, 'of seconds '),
  backpressureLimit: wholeNumber(1, MAX_BYTES, 'of bytes '),
  slowConsumer: [`'close' or 'drop'`, value => value === 'close' || value === 'drop'],
  closeOnBackpressureLimit: TRUE_OR_FALSE,
  closeAfterBadFrames: wholeNumber(0, 1_000, 'of messages '),
  closeAfterInvalid: wholeNumber(0, 1_000, 'of messages '),
  idleTimeout: wholeNumber(0, 960, 'of seconds '),
  sendPings: TRUE_OR_FALSE,
  perMessageDeflate: [
    `true, false or { compress, decompress } of 'shared', 'dedicated', '3KB' … '256KB'`,
    isDeflate,
  ],
  publishToSelf: TRUE_OR_FALSE,
  subprotocols: ['a list of distinct HTTP tokens', isTokenList],
  headers: [
    "a record of header names with texts, or lists of texts, that can be sent and are not the protocol's own",
    isHeaders,
  ],
  requireOrigin: TRUE_OR_FALSE,
  origins: [
    `'same', 'any' or a list such as ['https://app.example.com', 'https://*.example.com']`,
    isOrigins,
  ],
};

/** A rule for whole numbers within a range. */
export function wholeNumber(min: number, max: number, unit = ''): OptionRule {
  return [
    `a whole number ${unit}from ${min} to ${max}`,
    value => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  ];
}

function isTokenList(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return new Set(value).size === value.length && value.every(isToken);
}

function isToken(value: unknown): boolean {
  return typeof value === 'string' && TOKEN.test(value);
}

function isOrigins(value: unknown): boolean {
  if (value === 'same' || value === 'any') return true;
  return Array.isArray(value) && parseOrigins(value as Origins) !== undefined;
}

function isHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, given]) => {
    const texts: unknown[] = Array.isArray(given) ? given : [given];
    return !isReservedHeader(name) && texts.every(text => typeof text === 'string' && isSendable(name, text));
  });
}

function isSendable(name: string, text: string): boolean {
  try {
    return new Headers([[name, text]]).has(name);
  } catch {
    return false;
  }
}

function isDeflate(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(
    ([name, given]) => (name === 'compress' || name === 'decompress') && COMPRESSORS.has(given),
  );
}
