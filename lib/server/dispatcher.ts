import type { Connection } from '../connection/connection.ts';
import { ExecutionContext } from '../enhancers/execution-context.ts';
import { Invalid } from '../errors.ts';
import type { ConnectionHook, FailingHook, MessageHandler } from '../routing/route.ts';
import { isAbandoned } from './abandon.ts';
import { answer } from './answer.ts';
import { around, type EnhancedMessage, guard, messageContext } from './enhanced.ts';
import type { Envelope } from './envelope.ts';
import { fail, refuseInvalid, reportFailure } from './error-boundary.ts';
import { FailedCheck, invalidMessage } from './failed-check.ts';
import { routeOf } from './host.ts';
import { inEvent } from './in-event.ts';
import { withinTime } from './time-limit.ts';
import { transformMessage } from './transform-message.ts';

/**
 * The way of every message, in one place: transform → guards → interceptors → check → pipes, handler → reply,
 * under one error boundary. It stays synchronous as long as what the user wrote is; the promise never rejects.
 *
 * `value` is the decoded body. `envelope` is the message of an events route, `null` on a plain one.
 */
export function dispatch(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  value: unknown,
): void | Promise<void> {
  // A function that holds a closure pays for its scope at each call, so the longer ways are functions of their own.
  if (handler.isEnhanced) return dispatchInEvent(connection, handler, envelope, value);
  if (handler.transforms !== null) return transform(connection, handler, envelope, value);
  return checkAndCall(connection, handler, envelope, value);
}

function dispatchInEvent(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  value: unknown,
): void | Promise<void> {
  return inEvent(connection, { phase: 'message', event: envelope?.event, hook: handler, envelope }, () =>
    transform(connection, handler, envelope, value),
  );
}

function transform(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  value: unknown,
): void | Promise<void> {
  const next = handler.guards === null && handler.interceptors === null ? checkAndCall : enhance;
  return transformMessage(connection, handler.transforms ?? [], { envelope, value }, transformed =>
    next(connection, handler, envelope, transformed),
  );
}

/** Guards, then the rest with the interceptors around. */
function enhance(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  value: unknown,
): void | Promise<void> {
  const message: EnhancedMessage = { handler, envelope, value, result: undefined, isOver: false };
  const context = messageContext(connection, message);
  const proceed = () => {
    if (handler.interceptors === null) return checkAndCall(connection, handler, envelope, value);
    const called = around(connection, { hook: handler, envelope }, context, () =>
      callChecked(connection, message),
    );
    message.result = called as object;
    return answer(connection, handler, envelope, called);
  };
  try {
    const asked = guard(connection, message, context);
    if (asked === undefined) return proceed();
    return withinTime(connection, handler, asked)
      .then(() => (isAbandoned(connection) ? undefined : proceed()))
      .catch(error => {
        message.isOver = true;
        return fail(connection, { hook: handler, envelope }, error);
      });
  } catch (error) {
    return fail(connection, { hook: handler, envelope }, error);
  }
}

function checkAndCall(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  value: unknown,
): void | Promise<void> {
  try {
    if (handler.validate === null) {
      return answer(connection, handler, envelope, call(connection, handler, envelope, value));
    }
    const body = handler.validate(value);
    if (body instanceof Invalid) return refuseBody(connection, handler, envelope, body);
    if (body instanceof Promise) return callLater(connection, handler, envelope, body);
    return answer(connection, handler, envelope, call(connection, handler, envelope, body));
  } catch (error) {
    return fail(connection, { hook: handler, envelope }, error);
  }
}

/** Checks and calls where interceptors are around: they see a failed check as what is thrown. */
async function callChecked(connection: Connection, message: EnhancedMessage): Promise<unknown> {
  const { handler, envelope, value } = message;
  const body = handler.validate === null ? value : await handler.validate(value);
  if (!connection.route.isDue(connection, message.result ?? message))
    throw new DOMException('The message is not handled any more', 'AbortError');
  if (!(body instanceof Invalid)) return call(connection, handler, envelope, body);
  reportCause(connection, handler, envelope, body);
  throw new FailedCheck(invalidMessage(body));
}

/** Calls a hook of an open connection and sends what it returns; the promise never rejects. */
export function runHook(
  connection: Connection,
  hook: ConnectionHook,
  first?: unknown,
  second?: unknown,
): void | Promise<void> {
  if (hook.isEnhanced) return runHookInEvent(connection, hook, first, second);
  try {
    return answer(connection, hook, null, invokeHook(connection, hook, first, second));
  } catch (error) {
    return fail(connection, { hook, envelope: null }, error);
  }
}

function runHookInEvent(
  connection: Connection,
  hook: ConnectionHook,
  first: unknown,
  second: unknown,
): void | Promise<void> {
  return inEvent(connection, { phase: hook.callee.phase, hook }, () => {
    try {
      return answer(connection, hook, null, enhanceHook(connection, hook, first, second));
    } catch (error) {
      return fail(connection, { hook, envelope: null }, error);
    }
  });
}

function invokeHook(connection: Connection, hook: ConnectionHook, first: unknown, second: unknown): unknown {
  routeOf(connection).host.loop.called = hook;
  return hook.invoke(connection.controller, connection, first, second);
}

function enhanceHook(connection: Connection, hook: ConnectionHook, first: unknown, second: unknown): unknown {
  const { handshake } = connection;
  const context = new ExecutionContext(hook.callee, { handshake, connection });
  const invoke = () => invokeHook(connection, hook, first, second);
  return around(connection, { hook, envelope: null }, context, invoke);
}

async function callLater(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  checked: Promise<unknown>,
): Promise<void> {
  try {
    const body = await withinTime(connection, handler, checked);
    if (isAbandoned(connection)) return;
    if (body instanceof Invalid) return await refuseBody(connection, handler, envelope, body);
    await answer(connection, handler, envelope, call(connection, handler, envelope, body));
  } catch (error) {
    await fail(connection, { hook: handler, envelope }, error);
  }
}

function call(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  body: unknown,
): unknown {
  routeOf(connection).host.loop.called = handler;
  return handler.invoke(
    connection.controller,
    connection,
    body,
    envelope === null ? undefined : envelope.event,
  );
}

function refuseBody(
  connection: Connection,
  hook: MessageHandler,
  envelope: Envelope | null,
  invalid: Invalid,
): void | Promise<void> {
  reportCause(connection, hook, envelope, invalid);
  return refuseInvalid(connection, { hook, envelope }, invalidMessage(invalid));
}

/** Logs what the check of a body threw instead of judging. */
function reportCause(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  { cause }: Invalid,
): void {
  if (cause === undefined) return;
  const hook: FailingHook = { ...handler, where: `the check of ${handler.where}` };
  reportFailure(connection, { hook, envelope }, cause);
}
