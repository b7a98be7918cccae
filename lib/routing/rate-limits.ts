import type { RateLimit, RateLimiter } from '../enhancers/rate-limiter.ts';
import type { Mistake } from '../errors.ts';
import type { ControllerMetadata, HookDeclaration } from '../metadata/controller-metadata.ts';

/** So many messages a second, so many at once. */
export interface TokenLimit {
  readonly rate: number;
  readonly burst: number;
}

export const RATE_LIMIT_RANGE =
  'false, or { rate, burst, limiter }: messages a second above 0, and at least 1 at once';

/** Whether a value can be the option `rateLimit`. */
export function isRateLimitOption(value: unknown): boolean {
  if (value === false) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { limiter, ...limit } = value as { limiter?: Partial<RateLimiter> };
  return isRateLimit(limit) && (limiter === undefined || typeof limiter?.take === 'function');
}

function isRateLimit(value: unknown): value is RateLimit {
  if (typeof value !== 'object' || value === null) return false;
  const { rate, burst = 1, ...stray } = value as Record<string, unknown>;
  const isRate = typeof rate === 'number' && rate > 0 && rate <= 1_000_000;
  const isBurst = Number.isInteger(burst) && (burst as number) >= 1 && (burst as number) <= 1_000_000;
  return isRate && isBurst && Object.keys(stray).length === 0;
}

/** A limit with its burst filled in. */
export function tokenLimit({ rate, burst }: RateLimit): TokenLimit {
  return { rate, burst: burst ?? Math.max(1, Math.ceil(2 * rate)) };
}

/** What `@RateLimit()` says of a method. */
export function rateLimitOf(
  { method }: HookDeclaration,
  { rateLimits }: ControllerMetadata,
): TokenLimit | null {
  const declared = rateLimits.findLast(declaration => declaration.method === method);
  return declared === undefined || !isRateLimit(declared.limit) ? null : tokenLimit(declared.limit);
}

/** Reports `@RateLimit()` where no message comes, and limits that are none. */
export function checkRateLimits(
  controller: string,
  { hooks, rateLimits }: Pick<ControllerMetadata, 'hooks' | 'rateLimits'>,
  mistakes: Mistake[],
): void {
  for (const { method, limit } of rateLimits) {
    const where = `${controller}.${String(method)}()`;
    if (!hooks.some(hook => hook.method === method && hook.hook === 'message')) {
      mistakes.push({
        code: 'GATEWIRE_MISPLACED_DECORATOR',
        where,
        what: '@RateLimit() limits messages, and this method handles none',
        fix: 'Put it on an @OnMessage() method; for a whole route there is the option rateLimit',
      });
    }
    if (isRateLimit(limit)) continue;
    mistakes.push({
      code: 'GATEWIRE_OPTION_RANGE',
      where,
      what: '@RateLimit() is given no limit',
      got: JSON.stringify(limit) ?? typeof limit,
      fix: 'Give it { rate, burst }: messages a second above 0, and at least 1 at once',
    });
  }
}
