import type { Connection } from '../connection/connection.ts';
import type { ConnectionHook } from '../routing/route.ts';
import type { Envelope } from './envelope.ts';
import { fail } from './error-boundary.ts';
import { resultFrame } from './frames.ts';
import { isStream, streamResult } from './stream.ts';

/**
 * Sends what a hook returned. Nothing is sent for `undefined`, unless the message asked for a reply by its
 * id: then `null`. The promise is there only where the hook was asynchronous; it never rejects.
 *
 * A throw is the caller's to catch: what cannot be serialised is the hook's failure.
 */
export function answer(
  connection: Connection,
  hook: ConnectionHook,
  envelope: Envelope | null,
  result: unknown,
): void | Promise<void> {
  if (result === undefined && envelope?.id === undefined) return;
  if (typeof result === 'object' && result !== null) {
    if (isPromise(result)) return answerLater(connection, hook, envelope, result);
    if (isStream(result)) return streamResult(connection, { hook, envelope }, result);
  }
  connection.write(resultFrame(connection, { hook, envelope }, result));
  if (envelope?.id !== undefined) connection.unanswered?.delete(envelope.id);
}

async function answerLater(
  connection: Connection,
  hook: ConnectionHook,
  envelope: Envelope | null,
  promise: PromiseLike<unknown>,
): Promise<void> {
  try {
    await answer(connection, hook, envelope, await promise);
  } catch (error) {
    await fail(connection, { hook, envelope }, error);
  }
}

function isPromise(value: object): value is PromiseLike<unknown> {
  return value instanceof Promise || typeof (value as { then?: unknown }).then === 'function';
}
