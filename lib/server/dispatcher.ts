import type { Connection } from '../connection/connection.ts';
import { Invalid } from '../errors.ts';
import type { ConnectionHook, MessageHandler } from '../routing/route.ts';
import { answer } from './answer.ts';
import type { Envelope } from './envelope.ts';
import { fail, refuse, reportFailure } from './error-boundary.ts';
import { VALIDATION_FAILED } from './frames.ts';
import { transformMessage } from './transform-message.ts';

/**
 * The way of every message, in one place: transform → check → handler → reply, under one error boundary. It
 * stays synchronous as long as what the user wrote is; the promise never rejects.
 *
 * `value` is the decoded body. `envelope` is the message of an events route, `null` on a plain one.
 */
export function dispatch(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  value: unknown,
): void | Promise<void> {
  if (handler.transforms === null) return checkAndCall(connection, handler, envelope, value);
  return transformMessage(connection, handler.transforms, { envelope, value }, transformed =>
    checkAndCall(connection, handler, envelope, transformed),
  );
}

function checkAndCall(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  value: unknown,
): void | Promise<void> {
  try {
    const body = handler.validate === null ? value : handler.validate(value);
    if (body instanceof Invalid) return refuseInvalid(connection, handler, envelope, body);
    if (body instanceof Promise) return callLater(connection, handler, envelope, body);
    return answer(connection, handler, envelope, call(connection, handler, envelope, body));
  } catch (error) {
    return fail(connection, { hook: handler, envelope }, error);
  }
}

/** Calls a hook of an open connection and sends what it returns; the promise never rejects. */
export function runHook(
  connection: Connection,
  hook: ConnectionHook,
  first?: unknown,
  second?: unknown,
): void | Promise<void> {
  try {
    return answer(connection, hook, null, hook.invoke(connection.controller, connection, first, second));
  } catch (error) {
    return fail(connection, { hook, envelope: null }, error);
  }
}

async function callLater(
  connection: Connection,
  handler: MessageHandler,
  envelope: Envelope | null,
  checked: Promise<unknown>,
): Promise<void> {
  try {
    const body = await checked;
    if (body instanceof Invalid) return await refuseInvalid(connection, handler, envelope, body);
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
  return handler.invoke(
    connection.controller,
    connection,
    body,
    envelope === null ? undefined : envelope.event,
  );
}

function refuseInvalid(
  connection: Connection,
  hook: MessageHandler,
  envelope: Envelope | null,
  { issues, cause }: Invalid,
): void | Promise<void> {
  if (cause !== undefined) reportFailure(connection, { hook: checkOf(hook), envelope }, cause);
  return refuse(
    connection,
    { hook, envelope },
    { code: VALIDATION_FAILED.code, message: VALIDATION_FAILED.message, issues },
  );
}

/** The check of a handler's body, as the log names it. */
function checkOf({ hook, where }: MessageHandler) {
  return { hook, where: `the check of ${where}` } as const;
}
