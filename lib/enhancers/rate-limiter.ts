import type { Connection } from '../connection/connection.ts';

/** How many messages: `rate` a second in the long run, `burst` at once. */
export interface RateLimit {
  /** Messages a second. */
  readonly rate: number;
  /** Messages at once, before the rate counts. Default twice the rate. */
  readonly burst?: number;
}

/** One message that asks to be handled. */
export interface RateLimitedMessage {
  readonly connection: Connection;
  /** The event of an events route, where the frame was read already. */
  readonly event: string | undefined;
  readonly rate: number;
  readonly burst: number;
}

/**
 * Counts messages in the place of the token bucket that each connection has: by user, say, or in Redis for all
 * servers. Given as `rateLimit: { rate, limiter }`.
 */
export interface RateLimiter {
  /**
   * Whether a message may be handled. The answer may be a promise: the message then waits in its turn. What is thrown
   * is logged, and lets the message through.
   */
  take(message: RateLimitedMessage): boolean | Promise<boolean>;
}
