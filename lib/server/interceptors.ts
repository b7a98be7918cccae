import { CallResult } from '../enhancers/call-result.ts';
import type { ExecutionContext } from '../enhancers/execution-context.ts';
import { FlatItems, isAnyStream } from '../enhancers/items.ts';
import type { CallHandler, NestInterceptor } from '../enhancers/nest-interceptor.ts';
import { isObservable, lastValue, ObservableValues } from '../enhancers/observable.ts';
import type { Bound, ControllerScope } from '../routing/route.ts';

/** What interceptors run with: those of the route or the connection, and what is about to be called. */
export interface Interception {
  readonly interceptors: readonly Bound<NestInterceptor>[];
  readonly scope: ControllerScope | null;
  readonly context: ExecutionContext;
  /** Writes the log line of what a stream throws once nobody listens to it any more. */
  readonly report: (error: unknown) => void;
}

/**
 * Runs interceptors around a call, the first outermost, and gives what the outermost returned. It rejects with
 * what any of them throws.
 */
export async function intercept(interception: Interception, call: () => unknown, at = 0): Promise<unknown> {
  const { interceptors, scope, context, report } = interception;
  const interceptor = interceptors[at]?.of(scope);
  if (interceptor === undefined) {
    const result = await call();
    return isObservable(result) ? new ObservableValues(result) : result;
  }
  const handling = new Handling(() => intercept(interception, call, at + 1), report);
  const result: unknown = await interceptor.intercept(context, handling);
  if (!isObservable(result)) return result;
  const values = new ObservableValues(result);
  // Not until a value comes: of a stream there may be none for as long as the client stays.
  await Promise.race([values.ended(), handling.handled()]);
  return handling.isOfStream ? new FlatItems(values) : await lastValue(values);
}

/** The rest of the way that one interceptor is around. */
class Handling implements CallHandler {
  isOfStream = false;
  readonly #proceed: () => Promise<unknown>;
  readonly #report: (error: unknown) => void;
  #isHandled = false;
  #onHandled: (() => void) | null = null;

  constructor(proceed: () => Promise<unknown>, report: (error: unknown) => void) {
    this.#proceed = proceed;
    this.#report = report;
  }

  /** An arrow, because interceptors hand it on: `defer(next.handle)`. */
  readonly handle = (): CallResult => CallResult.of(this.#handle(), this.#report);

  /** Resolves when the rest of the way has given a result; never, where it fails or is not gone. */
  handled(): Promise<void> {
    return new Promise(resolve => {
      if (this.#isHandled) return resolve();
      this.#onHandled = resolve;
    });
  }

  async #handle(): Promise<unknown> {
    const result = await this.#proceed();
    this.isOfStream = isAnyStream(result);
    this.#isHandled = true;
    this.#onHandled?.();
    return result;
  }
}
