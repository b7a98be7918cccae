import type { SessionAnswer } from '../connection/session.ts';
import type { ExecutionContext } from './execution-context.ts';
import type { Subscribable } from './observable.ts';

/**
 * A guard: says whether the upgrade, and later each message, may go on.
 *
 * On a class, a module or globally it is asked at the upgrade (`false` refuses with 403, an `HttpException` with its
 * status) and before each message (an error frame, `forbidden`); on an `@OnMessage()` method before its messages only.
 */
export interface CanActivate {
  canActivate(context: ExecutionContext): GuardResult | Promise<GuardResult> | Subscribable<GuardResult>;
}

/**
 * Whether to go on. An object lets it go on and says whose connection it is (`connection.user`), and, with
 * `expiresAt` as a `Date` or milliseconds since 1970, until when: then it is closed with 4401.
 */
export type GuardResult = boolean | SessionAnswer;
