import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { Abandonable } from '../connection/connection-route.ts';
import type { Handshake } from '../connection/handshake.ts';
import { readSession, type SessionAnswer } from '../connection/session.ts';
import { UnauthorizedException } from '../enhancers/http-exceptions.ts';
import { isObservable } from '../enhancers/observable.ts';

/**
 * Whether a guard or `@OnAuth()` lets it go on: a look-up that found nobody must not let anybody in.
 *
 * @throws an error that was returned instead of thrown; TypeError for what says neither yes nor no
 */
export function letsIn(answer: unknown): boolean {
  if ((typeof answer !== 'object' && typeof answer !== 'function') || answer === null) return Boolean(answer);
  if (answer instanceof Error) throw answer;
  if (typeof answer === 'function' || answer instanceof Response || isObservable(answer)) {
    throw new TypeError(
      `a guard or @OnAuth() returned a ${answer.constructor.name}, which says neither yes nor no: return true, false or { user }, or throw an HttpException`,
    );
  }
  return !('user' in answer) || Boolean(answer.user);
}

/**
 * Keeps what an answer says of whose connection it is and until when, where it says so.
 *
 * @throws UnauthorizedException when that time is over already.
 */
export function keepSession(answer: unknown, handshake: Handshake, connection: Connection | undefined): void {
  if (typeof answer !== 'object' || answer === null || !('user' in answer)) return;
  const session = readSession(answer as SessionAnswer, handshake.session);
  if (session.expiresAt <= Date.now()) throw sessionExpired();
  if (connection === undefined) handshake.session = session;
  else connection.belongTo(session);
}

/** What a client is told that comes too late. */
export function sessionExpired(): UnauthorizedException {
  return new UnauthorizedException('The session has expired');
}

/** Whether the time of a session is over. */
export function isExpired({ handshake }: Pick<Abandonable, 'handshake'>): boolean {
  const { session } = handshake;
  return session !== null && session.expiresAt <= Date.now();
}

/** Ends a connection whose session is over; what waits for its handler is not handled any more. */
export function expire(connection: Pick<Abandonable, 'close'>): void {
  connection.close(CloseCodes.unauthenticated, 'session expired');
}
