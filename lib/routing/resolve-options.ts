import type { Mistake } from '../errors.ts';
import type { RouteOptions } from '../metadata/route-options.ts';
import { OPTION_RULES, type OptionRule } from './option-rules.ts';
import { unknownOption } from './unknown-option.ts';

/** A route's options with every default filled in. */
export type ResolvedOptions = Required<Omit<RouteOptions, 'closeOnBackpressureLimit'>>;

/** The options of a route that says nothing. */
export const DEFAULT_OPTIONS: ResolvedOptions = {
  concurrency: 1,
  maxPending: 64,
  maxPayloadLength: 64 * 1024,
  maxDepth: 32,
  maxNodes: 10_000,
  maxKeys: 256,
  rateLimit: { rate: 50, burst: 100 },
  maxTopics: 100,
  handlerTimeout: 30,
  backpressureLimit: 1024 * 1024,
  slowConsumer: 'close',
  closeAfterBadFrames: 10,
  closeAfterInvalid: 100,
  idleTimeout: 120,
  sendPings: true,
  perMessageDeflate: false,
  publishToSelf: false,
  subprotocols: [],
  headers: {},
  origins: 'same',
  requireOrigin: false,
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
  const resolved = { ...base, ...checkOptions(OPTION_RULES, { where, options }, mistakes) };
  return withoutAlias(resolved, { where, options }, mistakes);
}

/** The options that are known and in range; the others are reported. */
export function checkOptions(
  rules: Readonly<Record<string, OptionRule>>,
  { where, options }: GivenOptions,
  mistakes: Mistake[],
): Record<string, unknown> {
  const valid: Record<string, unknown> = {};
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    mistakes.push(notAnObject(where, options));
    return valid;
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const mistake = checkOption(rules, where, { name, value });
    if (mistake === undefined) valid[name] = value;
    else mistakes.push(mistake);
  }
  return valid;
}

/** Takes Bun's name of `slowConsumer` for what it means. */
function withoutAlias(
  { closeOnBackpressureLimit: alias, ...resolved }: Record<string, unknown>,
  given: GivenOptions,
  mistakes: Mistake[],
): ResolvedOptions {
  if (alias === undefined) return resolved as unknown as ResolvedOptions;
  const slowConsumer = alias === true ? 'close' : 'drop';
  const named = (given.options as RouteOptions).slowConsumer;
  if (named !== undefined && named !== slowConsumer) {
    mistakes.push({
      code: 'GATEWIRE_OPTION_CONFLICT',
      where: given.where,
      what: `closeOnBackpressureLimit: ${String(alias)} says slowConsumer: '${slowConsumer}'`,
      got: `slowConsumer: '${named}'`,
      fix: 'Keep one of the two',
    });
  }
  return { ...resolved, slowConsumer } as unknown as ResolvedOptions;
}

function checkOption(
  rules: Readonly<Record<string, OptionRule>>,
  where: string,
  { name, value }: { readonly name: string; readonly value: unknown },
): Mistake | undefined {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined) return unknownOption(where, name, Object.keys(rules));
  const [range, test] = rule;
  if (test(value)) return undefined;
  return {
    code: 'GATEWIRE_OPTION_RANGE',
    where,
    what: `option "${name}" has a value it cannot take`,
    got: show(value),
    fix: `Give it ${range}`,
  };
}

function notAnObject(where: string, got: unknown): Mistake {
  return {
    code: 'GATEWIRE_OPTION_RANGE',
    where,
    what: 'the options are no object',
    got: show(got),
    fix: 'Pass an object of options by name',
  };
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value) ?? String(value);
}
