import type { Connection } from '../connection/connection.ts';
import type { FailingHook, MessageHandler } from '../routing/route.ts';
import { guardListeners } from './guard-listeners.ts';
import { routeOf } from './host.ts';
import type { Waiting } from './waiting.ts';

/** What a hook fails with that did not end in time. Its text is for the log; the client is told `timeout`. */
class HookTimeout extends Error {
  override readonly name = 'HookTimeout';

  getStatus(): number {
    return 504;
  }

  getResponse(): object {
    return { code: 'timeout', message: 'The server took too long' };
  }
}

type TimedHook = FailingHook & Partial<Pick<MessageHandler, 'takesSignal' | 'interceptors' | 'event'>>;

/**
 * Waits for what a hook has begun, but no longer than `handlerTimeout`: then its signal aborts and it has failed. What
 * it gives later is dropped, what it throws later is logged.
 */
export function withinTime<Value>(
  connection: Connection,
  hook: TimedHook,
  promise: PromiseLike<Value>,
): Promise<Value> {
  const { host, options, metrics } = routeOf(connection);
  const limit = options.handlerTimeout;
  if (limit === 0) return Promise.resolve(promise);
  const takesSignal = hook.takesSignal === true;
  const call = takesSignal && hook.interceptors === null ? latestOf(connection) : null;
  const facts = () => factsOf(connection, hook);
  let isOver = false;
  return new Promise((resolve, reject) => {
    const waiting: Waiting = {
      seat: -1,
      age: 0,
      limit,
      expire: () => {
        isOver = true;
        host.overdue.add(promise);
        const error = new HookTimeout(`${hook.where} did not end within ${limit} s`);
        reject(error);
        // Where interceptors are around, the call begins later; it is the latest one where there is one at a time.
        const running = call ?? (takesSignal && options.concurrency === 1 ? latestOf(connection) : null);
        const log = (thrown: unknown) =>
          host.logThrown(`${hook.where} abort listener`, facts(), { thrown, isExpected: false });
        if (running !== null) guardListeners(() => running.abort(error), log);
      },
    };
    host.waiting.add(waiting);
    Promise.resolve(promise).then(
      value => {
        host.waiting.delete(waiting);
        if (!isOver) return resolve(value);
        metrics?.counters.late.inc();
        host.logger.debug(facts(), `${hook.where} ended after its time`);
      },
      error => {
        host.waiting.delete(waiting);
        if (!isOver) return reject(error);
        metrics?.counters.late.inc();
        host.logger.debug({ ...facts(), error }, `${hook.where} failed after its time`);
      },
    );
  });
}

function factsOf(connection: Connection, { where, event = '' }: TimedHook): object {
  const facts = { connection: connection.id, route: routeOf(connection).name, hook: where };
  return event === '' ? facts : { ...facts, event };
}

function latestOf({ calls }: Connection): AbortController | null {
  return calls === null ? null : calls.latest;
}
