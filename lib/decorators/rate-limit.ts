import type { RateLimit as Limit } from '../enhancers/rate-limiter.ts';
import { declarationsOf } from '../metadata/controller-metadata.ts';

/**
 * Gives the messages of one `@OnMessage()` method a limit of their own, per connection, in the place of the route's
 * `rateLimit`: `@RateLimit({ rate: 1, burst: 5 })` lets five through at once and then one a second.
 */
export function RateLimit(limit: Limit): MethodDecorator {
  return (target, method) => {
    // In standard mode there is no class to record anything for: its @WebSocketRoute() reports it.
    if (typeof method === 'object') return;
    declarationsOf(target.constructor).rateLimits.push({ method, limit });
  };
}
