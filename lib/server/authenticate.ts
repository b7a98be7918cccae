import type { Connection } from '../connection/connection.ts';
import { encodeReply } from '../connection/encoding.ts';
import { UnauthorizedException } from '../enhancers/http-exceptions.ts';
import { describeError } from '../enhancers/wire-error.ts';
import { Invalid } from '../errors.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { AuthHook } from '../routing/route.ts';
import { isAbandoned } from './abandon.ts';
import { freeId } from './correlation.ts';
import type { Envelope } from './envelope.ts';
import { fail, refuse, refuseInvalid, reportFailure } from './error-boundary.ts';
import { invalidMessage } from './failed-check.ts';
import type { Origin } from './frames.ts';
import { inEvent } from './in-event.ts';
import { readEnded, readStarted } from './mailbox.ts';
import { keepRecord } from './record.ts';
import { keepSession, letsIn } from './session.ts';
import { withinTime } from './time-limit.ts';

/** The event by which a client says who it is, or that it still is. */
export const AUTH = '$auth';

const BUSY = { code: 'overloaded', message: 'The one before is still being judged' } as const;

/**
 * Asks `@OnAuth()` about a `$auth` frame, beside the mailbox, so that it never waits behind a handler. One at a time:
 * nothing else would bound how many a client has judged at once.
 */
export function authenticate(connection: Connection, hook: AuthHook, envelope: Envelope): void {
  const record = keepRecord(connection);
  if (isAbandoned(connection)) return;
  if (record.isDraining) return freeOf(connection, envelope);
  const origin: Origin = { hook, envelope };
  if (record.isAuthenticating) return void refuse(connection, origin, BUSY);
  record.isAuthenticating = true;
  readStarted(connection);
  const judged = inEvent(connection, { phase: 'message', event: AUTH, hook, envelope }, () =>
    judge(connection, hook, envelope),
  );
  void judged.then(() => {
    record.isAuthenticating = false;
    readEnded(connection);
  });
}

/** It never rejects. */
async function judge(connection: Connection, hook: AuthHook, envelope: Envelope): Promise<void> {
  const origin: Origin = { hook, envelope };
  try {
    const checked = hook.validate === null ? envelope.data : hook.validate(envelope.data);
    const body = checked instanceof Promise ? await withinTime(connection, hook, checked) : checked;
    if (body instanceof Invalid) {
      if (body.cause !== undefined) reportFailure(connection, origin, body.cause);
      return await refuseInvalid(connection, origin, invalidMessage(body));
    }
    keepSession(await ask(connection, hook, body), connection.handshake, connection);
    if (envelope.id !== undefined) connection.write(encodeReply(envelope.id, undefined));
    freeOf(connection, envelope);
  } catch (error) {
    await fail(connection, origin, error);
  }
}

/** @throws UnauthorizedException for whatever does not let the client in, unless it says itself what to tell it. */
async function ask(connection: Connection, hook: AuthHook, body: unknown): Promise<unknown> {
  try {
    const result = hook.invoke(connection.controller, connection, body, AUTH);
    const answer = isPromise(result) ? await withinTime(connection, hook, result) : result;
    if (letsIn(answer)) return answer;
  } catch (error) {
    if (describeError(error).error.code !== 'internal') throw error;
    // Libraries throw for a token that does not verify, which is the client's mistake.
    throw new UnauthorizedException(undefined, { cause: error });
  }
  throw new UnauthorizedException();
}

function freeOf(connection: Connection, { id }: Envelope): void {
  if (id !== undefined) freeId(connection, id);
}
