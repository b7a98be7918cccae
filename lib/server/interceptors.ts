import { CallResult } from '../enhancers/call-result.ts';
import type { ExecutionContext } from '../enhancers/execution-context.ts';
import { isAnyStream } from '../enhancers/items.ts';
import type { NestInterceptor } from '../enhancers/nest-interceptor.ts';
import { isObservable, lastValue, ObservableValues } from '../enhancers/observable.ts';
import type { Bound, ControllerScope } from '../routing/route.ts';

/** What interceptors run with: those of the route or the connection, and what is about to be called. */
export interface Interception {
  readonly interceptors: readonly Bound<NestInterceptor>[];
  readonly scope: ControllerScope | null;
  readonly context: ExecutionContext;
}

/**
 * Runs interceptors around a call, the first outermost, and gives what the outermost returned. It rejects with
 * what any of them throws.
 */
export async function intercept(interception: Interception, call: () => unknown, at = 0): Promise<unknown> {
  const { interceptors, scope, context } = interception;
  const interceptor = interceptors[at]?.of(scope);
  if (interceptor === undefined) {
    const result = await call();
    return isObservable(result) ? new ObservableValues(result) : result;
  }
  let isAboutStream = false;
  const proceed = async () => {
    const inner = await intercept(interception, call, at + 1);
    isAboutStream = isAnyStream(inner);
    return inner;
  };
  const handle = () => CallResult.of(proceed());
  const result: unknown = await interceptor.intercept(context, { handle });
  if (!isObservable(result)) return result;
  const values = new ObservableValues(result);
  const first = await values.peek();
  // An operator that passes the handler's own stream on gives it as one value.
  return isAboutStream && !isAnyStream(first) ? values : await lastValue(values);
}
