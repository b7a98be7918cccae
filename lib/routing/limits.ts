import type { Mistake } from '../errors.ts';
import { type OptionRule, wholeNumber } from './option-rules.ts';
import { checkOptions } from './resolve-options.ts';

/** How much of the server clients may take; `false` lifts a limit. */
export interface Limits {
  /** Connections at a time. Above it an upgrade is refused with 503. Default 10 000. */
  readonly maxConnections?: number | false;
  /**
   * Connections of one address at a time. Above it an upgrade is refused with 429. Default 100, or no limit with
   * `trustProxy`: a proxy of your own can count for all its servers.
   */
  readonly maxConnectionsPerIp?: number | false;
  /** Upgrades at a time that wait for asynchronous hooks. Above it those that would run hooks are refused with 503. Default 1 000. */
  readonly maxPendingUpgrades?: number | false;
  /** Seconds until an upgrade whose hooks have not ended is refused with 503; 0 is never, at most 960. Default 10. */
  readonly upgradeTimeout?: number;
}

/** The limits of a server, with every default filled in; what is lifted is endless. */
export interface ResolvedLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerIp: number;
  readonly maxPendingUpgrades: number;
  readonly upgradeTimeout: number;
  /** How many proxies in front of the server are believed. */
  readonly proxies: number;
}

const MOST = 10_000_000;

const LIMIT_RULES: { readonly [Name in keyof Required<Limits>]: OptionRule } = {
  maxConnections: countOrFalse(),
  maxConnectionsPerIp: countOrFalse(),
  maxPendingUpgrades: countOrFalse(),
  upgradeTimeout: wholeNumber(0, 960, 'of seconds '),
};

function countOrFalse(): OptionRule {
  const [range, isCount] = wholeNumber(1, MOST);
  return [`${range}, or false for no limit`, value => value === false || isCount(value)];
}

/** Fills in the defaults of `limits` and `trustProxy`. What is unknown or out of range is reported. */
export function resolveLimits(
  { limits = {}, trustProxy }: { readonly limits?: unknown; readonly trustProxy?: unknown },
  mistakes: Mistake[],
): ResolvedLimits {
  const proxies = resolveProxies(trustProxy, mistakes);
  const given = { where: 'createApplication() option "limits"', options: limits };
  const valid = checkOptions(LIMIT_RULES, given, mistakes) as Limits;
  return {
    maxConnections: endless(valid.maxConnections ?? 10_000),
    maxConnectionsPerIp: endless(valid.maxConnectionsPerIp ?? (proxies > 0 ? false : 100)),
    maxPendingUpgrades: endless(valid.maxPendingUpgrades ?? 1000),
    upgradeTimeout: endless((valid.upgradeTimeout ?? 10) || false),
    proxies,
  };
}

function endless(limit: number | false): number {
  return limit === false ? Number.POSITIVE_INFINITY : limit;
}

const PROXY_RULE: OptionRule = [
  'true, false, or the number of proxies in front of the server, from 1 to 16',
  value => typeof value === 'boolean' || wholeNumber(1, 16)[1](value),
];

function resolveProxies(trustProxy: unknown, mistakes: Mistake[]): number {
  const given = { where: 'createApplication()', options: { trustProxy } };
  return Number(checkOptions({ trustProxy: PROXY_RULE }, given, mistakes).trustProxy ?? 0);
}
