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
  /** Hands a frame to Bun for the other subscribers; `false` once the connection is closed. */
  publishNatively(topic: string, frame: Payload): boolean;
}

/**
 * The topics of one application. Bun's own carry them, except to connections whose limits Bun cannot
 * enforce or count (`slowConsumer: 'drop'`, a limit smaller than another route's): those get each frame by
 * a loop here.
 */
export class Topics {
  readonly #measured = new Map<string, Set<Subscriber>>();
  #server: Server<unknown> | null = null;

  /** How many topics there are here, those that Bun serves alone excepted. */
  get size(): number {
    return this.#measured.size;
  }

  /** Serves from here on; before, and after `null`, there is nobody to send to. */
  attach(server: Server<unknown> | null): void {
    this.#server = server;
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
    if (except === null || !except.publishNatively(topic, frame)) {
      // Bun compresses a server's publish unless told not to.
      this.#server?.publish(topic, frame as string | ArrayBuffer, false);
    }
    for (const subscriber of this.#measured.get(topic) ?? []) {
      if (subscriber !== except) subscriber.write(frame);
    }
  }
}
