import { timerDelay } from '../connection/timeout.ts';

/** How a connection ended, as the client saw it. 1006 and no reason: without a close frame. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A message as it came over the wire, and what it says. */
export interface Arrival {
  readonly frame: string | Uint8Array;
  /** Text parsed where it is JSON. */
  readonly value: unknown;
}

/** What someone waits for. */
export interface Wanted {
  /** For the message of the error: `the event "chat"`. */
  readonly what: string;
  readonly isIt: (arrival: Arrival) => boolean;
  readonly timeout: number;
  /** The method the test called: the error shows the line that called it. */
  readonly asker?: Asker;
}

type Asker = (...values: never[]) => unknown;

interface Waiter extends Wanted {
  readonly failure: Error;
  readonly resolve: (arrival: Arrival) => void;
  readonly reject: (error: Error) => void;
}

const SHOWN_ARRIVALS = 10;
const SHOWN_CHARACTERS = 200;
// Those of the runtime: a test may put fake ones in their place while the sockets stay real.
const { setTimeout, clearTimeout } = globalThis;

/** What a client was sent and nobody took yet. It is kept from the first moment on, so nothing can be missed. */
export class Inbox {
  readonly #isStale: (arrival: Arrival) => boolean;
  #arrived: Arrival[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #end = Promise.withResolvers<Closed>();
  #closed: Closed | undefined;
  #taken = 0;

  /** What is stale is for nobody, whether it arrives so or becomes so. */
  constructor(isStale: (arrival: Arrival) => boolean) {
    this.#isStale = isStale;
  }

  /** What nobody took. */
  get untaken(): readonly Arrival[] {
    return this.#arrived;
  }

  /** How the connection ended, once it has. */
  get closed(): Closed | undefined {
    return this.#closed;
  }

  add(frame: string | Uint8Array): void {
    const arrival = { frame, value: parse(frame) };
    if (this.#isStale(arrival)) return;
    for (const waiter of this.#waiters) {
      if (!waiter.isIt(arrival)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(this.#hand(arrival));
      return;
    }
    this.#arrived.push(arrival);
  }

  /** Drops what has become stale. */
  clean(): void {
    this.#arrived = this.#arrived.filter(arrival => !this.#isStale(arrival));
  }

  close(closed: Closed): void {
    this.#closed = closed;
    this.#end.resolve(closed);
    for (const { failure, what, reject } of this.#waiters) {
      reject(this.#say(failure, `${describeEnd(closed)} before ${what} came`));
    }
    this.#waiters.clear();
  }

  /**
   * Takes the oldest arrival that is wanted, or waits for it.
   *
   * @throws Error that says what did arrive, after `timeout` milliseconds or when the connection closes.
   */
  take(wanted: Wanted): Promise<Arrival> {
    const failure = failureFor(wanted.asker);
    const at = this.#arrived.findIndex(wanted.isIt);
    const [found] = at === -1 ? [] : this.#arrived.splice(at, 1);
    if (found !== undefined) return Promise.resolve(this.#hand(found));
    if (this.#closed !== undefined) {
      return Promise.reject(this.#say(failure, `${describeEnd(this.#closed)} before ${wanted.what} came`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Arrival>();
    const waiter = { ...wanted, failure, resolve, reject };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => {
      this.#waiters.delete(waiter);
      reject(this.#say(failure, `waited ${wanted.timeout} ms for ${wanted.what}`));
    }, timerDelay(wanted.timeout));
    return promise.finally(() => clearTimeout(timer));
  }

  /** Waits for the end of the connection. @throws Error that says what did arrive, after `timeout` milliseconds */
  end(timeout: number, asker: Asker): Promise<Closed> {
    const failure = failureFor(asker);
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(this.#say(failure, `waited ${timeout} ms for the connection to close`));
    }, timerDelay(timeout));
    return Promise.race([this.#end.promise, promise]).finally(() => clearTimeout(timer));
  }

  #hand(arrival: Arrival): Arrival {
    this.#taken++;
    return arrival;
  }

  #say(failure: Error, how: string): Error {
    const shown = this.#arrived.slice(0, SHOWN_ARRIVALS).map(({ frame }) => describeFrame(frame));
    const more = this.#arrived.length - shown.length;
    if (more > 0) shown.push(`${more} more`);
    if (this.#taken > 0) shown.push(`${this.#taken} that ${this.#taken === 1 ? 'was' : 'were'} taken before`);
    failure.message = `${how}; did arrive: ${shown.length === 0 ? 'nothing' : shown.join(', ')}`;
    return failure;
  }
}

/** An error made before the wait begins: later, its stack would not lead to the test. */
function failureFor(asker: Asker | undefined): Error {
  const failure = new Error();
  if (asker !== undefined) Error.captureStackTrace(failure, asker);
  return failure;
}

function parse(frame: string | Uint8Array): unknown {
  if (typeof frame !== 'string') return frame;
  try {
    return JSON.parse(frame);
  } catch {
    return frame;
  }
}

function describeFrame(frame: string | Uint8Array): string {
  if (typeof frame !== 'string') return `${frame.length} bytes`;
  return frame.length > SHOWN_CHARACTERS ? `${frame.slice(0, SHOWN_CHARACTERS)}…` : frame;
}

function describeEnd({ code, reason }: Closed): string {
  return `the connection closed with ${code}${reason === '' ? '' : ` "${reason}"`}`;
}
