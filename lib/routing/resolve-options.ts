import type { Mistake } from '../errors.ts';
import type { Origins, RouteOptions } from '../metadata/route-options.ts';
import { parseOrigins } from './origins.ts';
import { suggest } from './suggest.ts';

/** A route's options with every default filled in. */
export type ResolvedOptions = Required<RouteOptions>;

/** The options of a route that says nothing. */
export const DEFAULT_OPTIONS: ResolvedOptions = {
  concurrency: 1,
  maxPending: 64,
  maxPayloadLength: 64 * 1024,
  backpressureLimit: 1024 * 1024,
  idleTimeout: 120,
  publishToSelf: false,
  subprotocols: [],
  origins: 'same',
};

const MAX_BYTES = 2 ** 32 - 1;
/** RFC 6455 §4.1: a subprotocol is an HTTP token. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** For each option: what it accepts, in words, and the test. */
const RULES: {
  readonly [Name in keyof ResolvedOptions]: readonly [range: string, test: (value: unknown) => boolean];
} = {
  concurrency: integer(1, 65_536),
  maxPending: integer(1, 65_536),
  maxPayloadLength: integer(1, MAX_BYTES),
  backpressureLimit: integer(1, MAX_BYTES),
  idleTimeout: integer(0, 960),
  publishToSelf: ['true or false', value => typeof value === 'boolean'],
  subprotocols: ['a list of distinct HTTP tokens', isTokenList],
  origins: [
    `'same', 'any' or a list such as ['https://app.example.com', 'https://*.example.com']`,
    isOrigins,
  ],
};

/** Options as they were given, and where. */
export interface GivenOptions {
  readonly where: string;
  readonly options: unknown;
}

/** Lays given options over others. What is unknown or out of range is reported and stays as it was. */
export function resolveOptions(
  base: ResolvedOptions,
  { where, options }: GivenOptions,
  mistakes: Mistake[],
): ResolvedOptions {
  if (typeof options !== 'object' || options === null) {
    mistakes.push(notAnObject(where, options));
    return base;
  }
  const resolved: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const mistake = checkOption(where, name, value);
    if (mistake === undefined) resolved[name] = value;
    else mistakes.push(mistake);
  }
  return resolved as unknown as ResolvedOptions;
}

function checkOption(where: string, name: string, value: unknown): Mistake | undefined {
  const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof ResolvedOptions] : undefined;
  if (rule === undefined) {
    const fix = `${suggest(name, Object.keys(RULES))}The options are ${Object.keys(RULES).join(', ')}`;
    return {
      code: 'GATEWIRE_UNKNOWN_OPTION',
      where,
      what: `there is no option "${name}"`,
      fix: capitalise(fix),
    };
  }
  const [range, test] = rule;
  if (test(value)) return undefined;
  return {
    code: 'GATEWIRE_OPTION_RANGE',
    where,
    what: `option "${name}" is out of range`,
    got: show(value),
    fix: `Give it ${range}`,
  };
}

function notAnObject(where: string, got: unknown): Mistake {
  return {
    code: 'GATEWIRE_OPTION_RANGE',
    where,
    what: 'the options of a route are an object',
    got: show(got),
    fix: 'Pass an object, or { useFactory, inject }',
  };
}

function integer(min: number, max: number): readonly [string, (value: unknown) => boolean] {
  return [
    `a whole number from ${min} to ${max}`,
    value => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  ];
}

function isTokenList(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return (
    new Set(value).size === value.length && value.every(item => typeof item === 'string' && TOKEN.test(item))
  );
}

function isOrigins(value: unknown): boolean {
  return (
    value === 'same' ||
    value === 'any' ||
    (Array.isArray(value) && parseOrigins(value as Origins) !== undefined)
  );
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return JSON.stringify(value) ?? String(value);
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
