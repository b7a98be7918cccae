import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { Handshake } from '../connection/handshake.ts';
import { readSession, type SessionAnswer } from '../connection/session.ts';
import { UnauthorizedException } from '../enhancers/http-exceptions.ts';

/** Whether a guard or `@OnAuth()` lets it go on: a look-up that found nobody must not let anybody in. */
export function letsIn(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return Boolean(answer);
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
  if (session.expiresAt <= Date.now()) throw new UnauthorizedException('The session has expired');
  if (connection === undefined) handshake.session = session;
  else connection.belongTo(session);
}

/** Whether the time of a connection's session is over. */
export function isExpired({ handshake }: Connection): boolean {
  const { session } = handshake;
  return session !== null && session.expiresAt <= Date.now();
}

/** Ends a connection whose session is over; what waits for its handler is not handled any more. */
export function expire(connection: Connection): void {
  connection.close(CloseCodes.unauthenticated, 'session expired');
}
