import type { CallResult } from './call-result.ts';
import type { ExecutionContext } from './execution-context.ts';

/** The rest of the way that an interceptor is around: the next interceptor, or the pipes and the handler. */
export interface CallHandler<Result = unknown> {
  /**
   * Goes on, and gives what the handler returns: a value or, where the handler streams, its async iterable.
   * It rejects with what the handler, a pipe or the check of the message throws. Operators of RxJS take it as it is,
   * `next.handle().pipe(map(…))`, and see a stream item by item.
   */
  handle(): CallResult<Result>;
}

/**
 * An interceptor: runs around a handler, also around `@BeforeHandle`, `@OnOpen` and `@OnClose`. What it returns takes
 * the place of what the handler returned: a value, a promise, an async iterable (sent item by item), or an Observable.
 *
 * An Observable around a handler that returns one value stands for its last value; around one that streams it is sent
 * value by value, and unsubscribed from when the connection closes.
 */
export interface NestInterceptor<Result = unknown, Given = unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: what interceptors return is theirs to say
  intercept(context: ExecutionContext, next: CallHandler<Given>): Result | Promise<Result> | any;
}
