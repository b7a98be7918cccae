import type { Connection } from '../connection/connection.ts';
import type { ConnectionHook } from '../routing/route.ts';
import { fail } from './error-boundary.ts';
import type { Frame } from './frames.ts';

/** What to do with what a frame was parsed to; `undefined` is left to Gatewire's own decoding. */
export type TakeParsed = (parsed: unknown) => void | Promise<void>;

/**
 * Runs the `@ParseMessage` hooks of a route on a frame, one after another: the first result that is not
 * `undefined` is the message. A throw is that hook's failure. The promise never rejects.
 */
export function parseMessage(
  connection: Connection,
  hooks: readonly ConnectionHook[],
  frame: Frame,
  take: TakeParsed,
): void | Promise<void> {
  const [hook, ...others] = hooks;
  if (hook === undefined) return take(undefined);
  const next = (result: unknown) =>
    result === undefined ? parseMessage(connection, others, frame, take) : take(result);
  const failed = (error: unknown) => fail(connection, { hook, envelope: null }, error);
  let result: unknown;
  try {
    result = hook.invoke(connection.controller, connection, frame, undefined);
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise ? result.then(next, failed) : next(result);
}
