import { CloseCodes } from '../connection/close-codes.ts';
import type { Connection } from '../connection/connection.ts';
import type { Payload } from '../connection/encoding.ts';
import { ExecutionContext } from '../enhancers/execution-context.ts';
import { type DescribedError, describeError } from '../enhancers/wire-error.ts';
import { WsException } from '../enhancers/ws-exception.ts';
import type { WireError } from '../errors.ts';
import { printable } from '../observability/printable.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { Told } from './around.ts';
import { freeId } from './correlation.ts';
import type { Envelope } from './envelope.ts';
import { FailedCheck } from './failed-check.ts';
import { filterFor } from './filters.ts';
import { answeredErrorFrame, errorFrame, type Origin } from './frames.ts';
import { routeOf, scopeOf, type Thrown } from './host.ts';
import { inEvent } from './in-event.ts';
import { noteBadFrame, noteInvalidMessage } from './invalid-messages.ts';
import { isOfTheEnd } from './is-of-the-end.ts';
import { withinTime } from './time-limit.ts';

/**
 * Where everything that a hook throws ends: one log line, one error frame, and the connection goes on. It
 * never throws and never rejects, whatever was thrown.
 */
export function fail(connection: Connection, origin: Origin, thrown: unknown): void | Promise<void> {
  const described = describeError(thrown);
  if (FailedCheck.is(thrown)) {
    return noted(connection, answerFailure(connection, origin, { thrown, described }), noteInvalidMessage);
  }
  report(connection, origin, { thrown, isExpected: described.isExpected });
  return answerFailure(connection, origin, { thrown, described });
}

/** Answers a message that was refused before its handler ran: the client's mistake, so no log line. */
export function refuse(connection: Connection, origin: Origin, error: WireError): void | Promise<void> {
  const { error: onError, around } = routeOf(connection);
  const isNobodyAsked = onError === null && around === null && origin.hook.filters === null;
  if (isNobodyAsked) return tellError(connection, origin.envelope, error);
  const described: DescribedError = { status: 400, error, isExpected: true };
  return answerFailure(connection, origin, { thrown: new WsException(error), described });
}

/** The same for a message that failed its check; a client that sends many of them is closed. */
export function refuseInvalid(
  connection: Connection,
  origin: Origin,
  error: WireError,
): void | Promise<void> {
  return noted(connection, refuse(connection, origin, error), noteInvalidMessage);
}

/** The same for a message that could not be read. */
export function refuseUnread(connection: Connection, origin: Origin, error: WireError): void | Promise<void> {
  return noted(connection, refuse(connection, origin, error), noteBadFrame);
}

function noted(
  connection: Connection,
  answered: void | Promise<void>,
  note: (connection: Connection) => void,
): void | Promise<void> {
  if (answered === undefined) return note(connection);
  return answered.then(() => note(connection));
}

/** Asks the filters, then `@OnError()`; the default error frame is left. */
function answerFailure(connection: Connection, origin: Origin, thrown: Told): void | Promise<void> {
  count(connection, thrown.described.error);
  const { phase } = origin.hook.callee;
  const event = { phase, event: origin.envelope?.event || undefined, failure: thrown };
  return inEvent(connection, event, () => askFilter(connection, origin, thrown));
}

function askFilter(connection: Connection, origin: Origin, thrown: Told): void | Promise<void> {
  const filter = filterFor(origin.hook.filters, scopeOf(connection), thrown.thrown);
  if (filter === undefined) return answerUnfiltered(connection, origin, thrown);
  try {
    const result = filter.catch(thrown.thrown, hostOf(connection, origin));
    if (isPromise(result))
      return filterLater(connection, origin, {
        ...thrown,
        result: withinTime(connection, origin.hook, result),
      });
    sendFiltered(connection, origin, { ...thrown, result });
  } catch (second) {
    return filterFailed(connection, origin, { ...thrown, second });
  }
}

function hostOf(connection: Connection, { hook, envelope }: Origin): ExecutionContext {
  const { handshake } = connection;
  const message = envelope === null ? {} : { data: envelope.data, pattern: envelope.event };
  return new ExecutionContext(hook.callee, { handshake, connection, ...message });
}

async function filterLater(connection: Connection, origin: Origin, answered: Answered): Promise<void> {
  try {
    sendFiltered(connection, origin, { ...answered, result: await answered.result });
  } catch (second) {
    await filterFailed(connection, origin, { ...answered, second });
  }
}

/** Sends what a filter returned; without it the filter has sent what it wanted, but for the reply that is due. */
function sendFiltered(connection: Connection, origin: Origin, answered: Answered): void {
  const isReplyDue = origin.envelope?.id !== undefined;
  if (answered.result !== undefined || isReplyDue) sendResult(connection, origin, answered);
  closeFailedOpen(connection, origin);
}

/** A filter that throws the exception again leaves it to the others; anything else is its own failure. */
function filterFailed(
  connection: Connection,
  origin: Origin,
  told: Told & { readonly second: unknown },
): void | Promise<void> {
  if (told.second === told.thrown) return answerUnfiltered(connection, origin, told);
  const hook = { ...origin.hook, where: `the filter of ${origin.hook.where}` };
  reportFailure(connection, { hook, envelope: origin.envelope }, told.second);
  sendError(connection, origin.envelope, told.described.error);
  closeFailedOpen(connection, origin);
}

function answerUnfiltered(connection: Connection, origin: Origin, thrown: Told): void | Promise<void> {
  const { error: onError } = routeOf(connection);
  if (onError === null || origin.hook.hook === 'error') {
    sendError(connection, origin.envelope, thrown.described.error);
    return closeFailedOpen(connection, origin);
  }
  try {
    const { hook, envelope } = origin;
    const about = { hook: hook.hook, event: envelope?.event || undefined };
    const result = onError.invoke(connection.controller, connection, thrown.thrown, about);
    if (isPromise(result))
      return answerLater(connection, origin, { ...thrown, result: withinTime(connection, onError, result) });
    sendResult(connection, origin, { ...thrown, result });
  } catch (second) {
    failAgain(connection, origin, { second, described: thrown.described });
  }
  closeFailedOpen(connection, origin);
}

interface Answered extends Told {
  readonly result: unknown;
}

async function answerLater(connection: Connection, origin: Origin, answered: Answered): Promise<void> {
  try {
    sendResult(connection, origin, { ...answered, result: await answered.result });
  } catch (second) {
    failAgain(connection, origin, { second, described: answered.described });
  }
  closeFailedOpen(connection, origin);
}

/** Sends what `@OnError` returned; nothing returned is no answer, so the default frame is. */
function sendResult(connection: Connection, { envelope }: Origin, { result, described }: Answered): void {
  if (result === undefined) return sendError(connection, envelope, described.error);
  answer(connection, envelope, answeredErrorFrame(connection, envelope, result));
}

function failAgain(
  connection: Connection,
  { envelope }: Origin,
  { second, described }: { readonly second: unknown; readonly described: DescribedError },
): void {
  const { error: onError } = routeOf(connection);
  if (onError !== null) reportFailure(connection, { hook: onError, envelope }, second);
  sendError(connection, envelope, described.error);
}

/** Answers with the default error frame, and counts it. */
export function tellError(connection: Connection, envelope: Envelope | null, error: WireError): void {
  count(connection, error);
  sendError(connection, envelope, error);
}

function count(connection: Connection, { code }: WireError): void {
  routeOf(connection).metrics?.by('errors', code).inc();
}

function sendError(connection: Connection, envelope: Envelope | null, error: WireError): void {
  answer(connection, envelope, errorFrame(connection, envelope, error));
}

function answer(connection: Connection, envelope: Envelope | null, frame: Payload): void {
  if (envelope?.id !== undefined) freeId(connection, envelope.id);
  connection.write(frame);
}

function closeFailedOpen(connection: Connection, { hook }: Origin): void {
  if (hook.hook === 'open') connection.shut(CloseCodes.internal, 'open failed');
}

/** Writes the log line of a failure that nobody can be answered for. */
export function reportFailure(connection: Connection, origin: Origin, thrown: unknown): void {
  report(connection, origin, { thrown, isExpected: false });
}

function report(connection: Connection, { hook, envelope }: Origin, thrown: Thrown): void {
  const { host, name } = routeOf(connection);
  const event =
    envelope === null || envelope.event === '' ? {} : { event: printable(envelope.event.slice(0, 64)) };
  const facts = { connection: connection.id, route: name, hook: hook.where, ...event };
  if (connection.end !== null && isOfTheEnd(thrown.thrown)) {
    return host.logger.debug(facts, `${hook.where} ended with its connection`);
  }
  host.logThrown(hook.where, facts, thrown);
}
