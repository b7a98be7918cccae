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

type Report = (error: unknown) => void;
type Give = (value: unknown, subscriber: Subscriber) => void | Promise<void>;

/** An Observable of a handler's result, with as much of RxJS's as its operators ask of their source. */
export class PipedResult implements Subscribable<unknown> {
  readonly #start: (subscriber: Subscriber) => unknown;

  private constructor(start: (subscriber: Subscriber) => unknown) {
    this.#start = start;
  }

  /** `report` is given what is thrown once nobody listens any more: by a stream, a finalizer, or the observer itself. */
  static of(result: Promise<unknown>, report: Report): PipedResult {
    return PipedResult.#giving(result, report, (value, subscriber) =>
      isAnyStream(value) ? emitItems(value, subscriber, report) : subscriber.next(value),
    );
  }

  /** As `of()`, but a stream is one value. */
  static whole(result: Promise<unknown>, report: Report): PipedResult {
    return PipedResult.#giving(result, report, (value, subscriber) => subscriber.next(value));
  }

  static #giving(result: Promise<unknown>, report: Report, give: Give): PipedResult {
    return new PipedResult(subscriber => {
      result
        .then(
          value => emit(value, subscriber, give),
          error => subscriber.error(error),
        )
        .catch(report);
    });
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

/** Gives a subscriber the result, and completes. */
async function emit(value: unknown, subscriber: Subscriber, give: Give): Promise<void> {
  try {
    await give(value, subscriber);
    subscriber.complete();
  } catch (error) {
    // It is closed where what was thrown is the end's own: a finalizer, or the generator that was left early.
    if (subscriber.closed) throw error;
    subscriber.error(error);
  }
}

/** Gives a subscriber each item of a stream; nothing once it has unsubscribed. */
async function emitItems(stream: Stream, subscriber: Subscriber, report: Report): Promise<void> {
  const items = itemsOf(stream);
  subscriber.add(() => void Promise.try(() => items.return?.()).catch(report));
  for (let step = await items.next(); step.done !== true; step = await items.next()) {
    if (subscriber.closed) return;
    subscriber.next(step.value);
  }
}
