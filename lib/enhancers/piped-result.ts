import { isAnyStream, itemsOf, type Stream } from './items.ts';
import type { Observer, Subscribable, Subscription } from './observable.ts';
import { isSubscriber, ResultSubscriber, type Subscriber } from './result-subscriber.ts';

/** An operator of RxJS: makes an Observable of another. */
// biome-ignore lint/suspicious/noExplicitAny: an operator says itself what it takes and gives
export type Operator = (source: any) => any;

/** What an operator of RxJS 7 lifts a source with: it subscribes to the source for a subscriber. */
interface Lifting {
  call(subscriber: Subscriber, source: unknown): unknown;
}

/** An Observable of a handler's result, with as much of RxJS's as its operators ask of their source. */
export class PipedResult implements Subscribable<unknown> {
  readonly #start: (subscriber: Subscriber) => unknown;

  private constructor(start: (subscriber: Subscriber) => unknown) {
    this.#start = start;
  }

  /** `report` is given what a stream throws once nobody listens to it any more. */
  static of(result: Promise<unknown>, report: (error: unknown) => void): PipedResult {
    return new PipedResult(subscriber => void emit(result, subscriber, report));
  }

  /** What RxJS 7 calls to put an operator behind a source. */
  lift(operator: Lifting): PipedResult {
    return new PipedResult(subscriber => operator.call(subscriber, this));
  }

  pipe(...operators: readonly Operator[]): unknown {
    return operators.reduce<unknown>((source, operator) => operator(source), this);
  }

  subscribe(observer: Observer<unknown> | Subscriber): Subscription {
    const subscriber = isSubscriber(observer) ? observer : new ResultSubscriber(observer);
    try {
      subscriber.add(this.#start(subscriber));
    } catch (error) {
      subscriber.error(error);
    }
    return subscriber;
  }

  /** The interop point of Observables. */
  '@@observable'(): this {
    return this;
  }
}

/** Gives a subscriber the result, or item by item what it streams; nothing once it has unsubscribed. */
async function emit(
  result: Promise<unknown>,
  subscriber: Subscriber,
  report: (error: unknown) => void,
): Promise<void> {
  try {
    const value = await result;
    if (isAnyStream(value)) await emitItems(value, subscriber, report);
    else subscriber.next(value);
    subscriber.complete();
  } catch (error) {
    subscriber.error(error);
  }
}

async function emitItems(
  stream: Stream,
  subscriber: Subscriber,
  report: (error: unknown) => void,
): Promise<void> {
  const items = itemsOf(stream);
  subscriber.add(() => void Promise.try(() => items.return?.()).catch(report));
  try {
    for (let step = await items.next(); step.done !== true; step = await items.next()) {
      if (subscriber.closed) return;
      subscriber.next(step.value);
    }
  } catch (error) {
    if (!subscriber.closed) throw error;
    report(error);
  }
}
