import type { Server } from 'bun';
import type { Payload } from './encoding.ts';

/**
 * Throws for a topic name that could not be subscribed to.
 *
 * @throws TypeError unless it is a non-empty string.
 */
export function assertTopic(topic: string): void {
  if (typeof topic === 'string' && topic !== '') return;
  throw new TypeError(
    `a topic is a non-empty string (got ${topic === '' ? 'an empty string' : typeof topic})`,
  );
}

/** A connection, as topics see it. */
export interface Subscriber {
  /** Sends a frame to this connection alone. */
  write(frame: Payload): unknown;
  /** Hands a frame to Bun for the other subscribers, and gives its answer; `null` once the connection is closed. */
  publishNatively(topic: string, frame: Payload): number | null;
  /** Whether it is subscribed to a topic, by Bun or here. */
  isSubscribed(topic: string): boolean;
}

/** Is told how many subscribers Bun was given a frame for, and whether it took it for all of them. */
export type PublishListener = (recipients: number, isComplete: boolean) => void;

/**
 * The topics of one application. Bun's own carry them, except to connections whose limits Bun cannot
 * enforce or count (`slowConsumer: 'drop'`, a limit smaller than another route's): those get each frame by
 * a loop here.
 */
export class Topics {
  readonly #measured = new Map<string, Set<Subscriber>>();
  #server: Server<unknown> | null = null;
  #listener: PublishListener | null = null;

  /** How many topics there are here, those that Bun serves alone excepted. */
  get size(): number {
    return this.#measured.size;
  }

  /** Serves from here on; before, and after `null`, there is nobody to send to. */
  attach(server: Server<unknown> | null): void {
    this.#server = server;
  }

  /** Tells of everything that is published from here on. */
  watch(listener: PublishListener): void {
    this.#listener = listener;
  }

  /** Adds a connection that Bun's topics do not serve. */
  join(topic: string, subscriber: Subscriber): void {
    const members = this.#measured.get(topic);
    if (members === undefined) this.#measured.set(topic, new Set([subscriber]));
    else members.add(subscriber);
  }

  /** Takes it away again; `false` if it was not there. */
  leave(topic: string, subscriber: Subscriber): boolean {
    const members = this.#measured.get(topic);
    if (members?.delete(subscriber) !== true) return false;
    if (members.size === 0) this.#measured.delete(topic);
    return true;
  }

  /** Hands a frame to every subscriber of a topic, one excepted. */
  publish(topic: string, frame: Payload, except: Subscriber | null): void {
    // Bun compresses a server's publish unless told not to.
    const status =
      except?.publishNatively(topic, frame) ??
      this.#server?.publish(topic, frame as string | ArrayBuffer, false);
    if (this.#listener !== null) this.#tell(this.#listener, { topic, except, status });
    for (const subscriber of this.#measured.get(topic) ?? []) {
      if (subscriber !== except) subscriber.write(frame);
    }
  }

  #tell(
    listener: PublishListener,
    { topic, except, status }: { topic: string; except: Subscriber | null; status: number | undefined },
  ): void {
    const isServedHere = except !== null && this.#measured.get(topic)?.has(except) === true;
    const isSkipped = !isServedHere && except?.isSubscribed(topic) === true;
    const recipients = (this.#server?.subscriberCount(topic) ?? 0) - (isSkipped ? 1 : 0);
    listener(recipients, recipients === 0 || status !== 0);
  }
}
