import type { ConnectionUser } from './connection-user.ts';

/** Who a connection belongs to, and until when. */
export interface Session {
  readonly user: ConnectionUser | undefined;
  /** Its id as it was then: what a user object says later does not move its connections. */
  readonly userId: ConnectionUser['id'] | undefined;
  /** In milliseconds since 1970; `Infinity` where nobody said. */
  readonly expiresAt: number;
}

/** What a guard or `@OnAuth()` says of it; an `expiresAt` that is left out stays what it was. */
export interface SessionAnswer {
  readonly user: ConnectionUser;
  readonly expiresAt?: Date | number;
}

/** The largest number that is more likely seconds than milliseconds: in milliseconds it is in March 1973. */
const MOST_SECONDS = 100_000_000_000;

/**
 * Reads what a guard or `@OnAuth()` said.
 *
 * @throws TypeError for a user without an id, and for what is no time.
 */
export function readSession({ user, expiresAt }: SessionAnswer, before: Session | null): Session {
  const session = sessionOf(user, before);
  if (session.userId === undefined) {
    const { id } = user as { readonly id: unknown };
    throw new TypeError(
      `a user has an id, a string or a number (got ${typeof id === 'number' ? 'NaN' : typeof id}): return { user: { id: … } }`,
    );
  }
  return expiresAt === undefined ? session : { ...session, expiresAt: readTime(expiresAt) };
}

/** The session of another user, which ends when the one before would have. */
export function sessionOf(user: ConnectionUser | undefined, before: Session | null): Session {
  const id: unknown = user?.id;
  const isId = typeof id === 'string' || (typeof id === 'number' && !Number.isNaN(id));
  return { user, userId: isId ? id : undefined, expiresAt: before?.expiresAt ?? Number.POSITIVE_INFINITY };
}

function readTime(given: unknown): number {
  const time = given instanceof Date ? given.getTime() : given;
  if (typeof time !== 'number' || Number.isNaN(time)) {
    throw new TypeError(`expiresAt is a Date, or milliseconds since 1970 (got ${String(time)})`);
  }
  if (time > 0 && time < MOST_SECONDS) {
    throw new TypeError(
      `expiresAt is in milliseconds, and ${time} looks like seconds: multiply the "exp" of a token by 1000`,
    );
  }
  return time;
}
