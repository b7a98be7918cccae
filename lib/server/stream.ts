import type { Connection } from '../connection/connection.ts';
import type { Payload } from '../connection/encoding.ts';
import { type Items, itemsOf, type Stream } from '../enhancers/items.ts';
import type { ConnectionHook } from '../routing/route.ts';
import { checkResult } from './check-result.ts';
import type { Envelope } from './envelope.ts';
import { fail, refuse, reportFailure } from './error-boundary.ts';
import { doneFrame, nextFrame, type Origin, resultFrame } from './frames.ts';
import { keepRecord, recordOf } from './record.ts';

/** Streams that one connection may have at a time. */
const MAX_STREAMS = 16;

/** Milliseconds that a stream may send in a row. */
const LONGEST_TURN = 5;

/**
 * Sends each item of a stream as a frame, at the client's pace. One that answers a message with an id goes
 * on beside the connection's other messages; any other holds their queue until it ends.
 */
export function streamResult(
  connection: Connection,
  hook: ConnectionHook,
  envelope: Envelope | null,
  stream: Stream,
): void | Promise<void> {
  const items = itemsOf(stream);
  const record = keepRecord(connection);
  record.streams ??= new Map();
  const id = envelope?.id;
  const origin = { hook, envelope };
  const running = new RunningStream(connection, items, origin);
  if (record.streams.size >= MAX_STREAMS) return running.refuse();
  record.streams.set(id ?? Symbol('stream'), running);
  if (id === undefined) {
    return running.run(async item => resultFrame(connection, origin, await checkResult(hook, item)));
  }
  record.unanswered?.delete(id);
  if (record.cancelled?.delete(id)) running.stop();
  connection.handshake.keepAddress();
  void running.run(async item => nextFrame(id, await checkResult(hook, item)));
}

type Step = IteratorResult<unknown> | null;

/** A stream that is being sent. */
class RunningStream {
  readonly #connection: Connection;
  readonly #items: Items;
  readonly #origin: Origin;
  #turnBegan = performance.now();
  #isEnded = false;
  #isStopped = false;
  #wake: (() => void) | null = null;

  constructor(connection: Connection, items: Items, origin: Origin) {
    this.#connection = connection;
    this.#items = items;
    this.#origin = origin;
  }

  /** Pulls no further item; the generator's `finally` runs. */
  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  /** Answers that the connection has as many streams as it may. */
  refuse(): void | Promise<void> {
    this.#release();
    const message = `at most ${MAX_STREAMS} streams may run on one connection`;
    return refuse(this.#connection, this.#origin, { code: 'overloaded', message });
  }

  /** Sends every item; never rejects. */
  async run(frameOf: (item: unknown) => Promise<Payload>): Promise<void> {
    const connection = this.#connection;
    const id = this.#origin.envelope?.id;
    try {
      while (!this.#isStopped && connection.end === null) await this.#sendNext(frameOf);
      if (id !== undefined && recordOf(connection)?.isDraining !== true) connection.write(doneFrame(id));
    } catch (error) {
      await fail(connection, this.#origin, error);
    } finally {
      this.#forget();
      if (!this.#isEnded) this.#release();
    }
  }

  async #sendNext(frameOf: (item: unknown) => Promise<Payload>): Promise<void> {
    const step = await this.#pull();
    if (step === null) return;
    if (step.done === true) {
      this.#isEnded = true;
      this.#isStopped = true;
    } else if (step.value !== undefined) {
      const status = this.#connection.write(await frameOf(step.value));
      if (status !== 'sent' && this.#connection.bufferedAmount > 0) await this.#drained();
      else await this.#yieldTurn();
    }
  }

  /** Lets the event loop go round now and then: a stream that never waits would keep everybody else waiting. */
  async #yieldTurn(): Promise<void> {
    if (performance.now() - this.#turnBegan < LONGEST_TURN) return;
    await new Promise(resolve => setImmediate(resolve));
    this.#turnBegan = performance.now();
  }

  /** The next item, or `null` when the stream is stopped first. */
  #pull(): Promise<Step> {
    return new Promise<Step>((resolve, reject) => {
      this.#wake = () => resolve(null);
      Promise.resolve(this.#items.next()).then(resolve, error => {
        this.#isEnded = true;
        // Stopped meanwhile, nobody waits for the item any more.
        if (this.#isStopped) reportFailure(this.#connection, this.#origin, error);
        else reject(error);
      });
    });
  }

  #drained(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve;
      const record = keepRecord(this.#connection);
      record.drained ??= [];
      record.drained.push(resolve);
    });
  }

  #forget(): void {
    const streams = recordOf(this.#connection)?.streams;
    for (const [id, stream] of streams ?? []) if (stream === this) streams?.delete(id);
  }

  /** Lets the generator clean up. It is not waited for: it may be in the middle of an endless wait. */
  #release(): void {
    Promise.try(() => this.#items.return?.()).catch(error =>
      reportFailure(this.#connection, this.#origin, error),
    );
  }
}
