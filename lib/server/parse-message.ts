import type { Connection } from '../connection/connection.ts';
import { isPromise } from '../routing/is-promise.ts';
import type { ConnectionHook } from '../routing/route.ts';
import { isAbandoned } from './abandon.ts';
import { fail } from './error-boundary.ts';
import type { Frame } from './frames.ts';
import { inEvent } from './in-event.ts';
import { withinTime } from './time-limit.ts';

/** What to do with what a frame was parsed to; `undefined` is left to Gatewire's own decoding. */
export type TakeParsed<Parsed> = (parsed: Parsed | undefined) => void | Promise<void>;

/** How frames of a route are parsed: its hooks, and what is made of what they give, before anything else sees it. */
export interface Parser<Parsed> {
  readonly hooks: readonly ConnectionHook[];
  readonly read: (result: unknown) => Parsed;
}

/**
 * Runs the `@ParseMessage` hooks of a route on a frame, one after another: the first result that is not
 * `undefined` is the message. A throw is that hook's failure. The promise never rejects.
 */
export function parseMessage<Parsed>(
  connection: Connection,
  { hooks, read }: Parser<Parsed>,
  frame: Frame,
  take: TakeParsed<Parsed>,
): void | Promise<void> {
  const [hook, ...others] = hooks;
  if (hook === undefined) return take(undefined);
  const failed = (error: unknown) => fail(connection, { hook, envelope: null }, error);
  const next = (result: unknown) => {
    if (result === undefined) return parseMessage(connection, { hooks: others, read }, frame, take);
    try {
      return take(read(result));
    } catch (error) {
      // What a parser of the user's own gave may throw when it is looked at.
      return failed(error);
    }
  };
  let result: unknown;
  try {
    result = hook.isEnhanced
      ? inEvent(connection, { phase: hook.callee.phase }, () => invoke(connection, hook, frame))
      : invoke(connection, hook, frame);
    if (isPromise(result)) {
      const later = (settled: unknown) => (isAbandoned(connection) ? undefined : next(settled));
      return withinTime(connection, hook, result).then(later, failed);
    }
  } catch (error) {
    return failed(error);
  }
  return next(result);
}

function invoke(connection: Connection, hook: ConnectionHook, frame: Frame): unknown {
  return hook.invoke(connection.controller, connection, frame, undefined);
}
