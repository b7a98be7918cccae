import type { Observer, Subscribable, Subscription } from './observable.ts';
import { type Operator, PipedResult } from './piped-result.ts';

/**
 * What `next.handle()` gives: a promise of the handler's result that operators of RxJS take as an Observable, so that
 * `next.handle().pipe(map(…))` of a NestJS interceptor stays as it is. Where the handler streams, operators see item by
 * item, and awaiting it gives the async iterable.
 */
export class CallResult<Result = unknown> extends Promise<Result> implements Subscribable<unknown> {
  /** @internal What `then()` makes is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #report: (error: unknown) => void = () => {};

  /**
   * @internal The result of a call that has begun. A rejection that nobody looks at ends here, not the process; what a
   * stream throws once nobody listens any more is reported.
   */
  static of<Result>(promise: Promise<Result>, report: (error: unknown) => void): CallResult<Result> {
    const result = new CallResult<Result>(resolve => resolve(promise));
    result.#report = report;
    result.catch(() => {});
    return result;
  }

  /** Applies operators of RxJS; what it gives may be returned from an interceptor. */
  // biome-ignore lint/suspicious/noExplicitAny: the operators, which are RxJS's, say what is taken and given
  pipe(...operators: readonly Operator[]): any {
    return PipedResult.of(this, this.#report).pipe(...operators);
  }

  /** The interop point of Observables: `from(next.handle())` gives the result as a promise does, a stream whole. */
  '@@observable'(): Subscribable<unknown> {
    return PipedResult.whole(this, this.#report);
  }

  /** Gives the result, or each item of a stream, and completes. */
  subscribe(observer: Observer<unknown>): Subscription {
    return PipedResult.of(this, this.#report).subscribe(observer);
  }
}
