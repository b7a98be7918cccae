import type { RateLimit, RateLimiter } from '../enhancers/rate-limiter.ts';

/** Which `Origin` headers may open a connection; a request without one is no browser and passes. */
export type Origins = 'same' | 'any' | readonly string[];

/** Options of one route; `createApplication(…, { websocket })` sets defaults for all of them. */
export interface RouteOptions {
  /** Messages of one connection that may be handled at the same time. Default 1: one after another. */
  readonly concurrency?: number;
  /** Queued messages of one connection above which its socket is paused until they are handled. Default 64. */
  readonly maxPending?: number;
  /** Bytes of the largest message; a larger one closes with 1009. Default 65 536. */
  readonly maxPayloadLength?: number;
  /** Levels of arrays and objects that JSON may have where no DTO class bounds what is read. Default 32. */
  readonly maxDepth?: number;
  /** Values that a message's JSON may hold, nested ones included. Default 10 000. */
  readonly maxNodes?: number;
  /** Properties that an object of it may have where no DTO class bounds what is read. Default 256. */
  readonly maxKeys?: number;
  /**
   * Messages that a connection may send, `{ rate, burst }`: so many a second, so many at once. Above it they are
   * answered with `rate_limited`, and after three seconds the connection is closed with 4429. A `limiter` counts in
   * the place of the connection's own bucket. Default `{ rate: 50, burst: 100 }`; `false` is no limit.
   */
  readonly rateLimit?: (RateLimit & { readonly limiter?: RateLimiter }) | false;
  /** Topics that a connection may be subscribed to. Default 100. */
  readonly maxTopics?: number;
  /** Seconds until a hook that has not ended has failed, and its signal aborts; 0 is never, at most 3 600. Default 30. */
  readonly handlerTimeout?: number;
  /** Bytes that may wait for a slow client; what happens above it says `slowConsumer`. Default 1 048 576. */
  readonly backpressureLimit?: number;
  /**
   * What happens to a client that is too slow: `'close'` closes it with 4008, so that what it got has no
   * hole; `'drop'` leaves frames out until it has caught up, counted in `connection.dropped`. Default `'close'`.
   */
  readonly slowConsumer?: 'close' | 'drop';
  /** Bun's name for `slowConsumer`: `true` is `'close'`, `false` is `'drop'`. */
  readonly closeOnBackpressureLimit?: boolean;
  /**
   * Messages of a connection within a minute that cannot be read (`bad_frame`, `too_large`), after which it is closed
   * with 4400: no client that works sends any. 0 is never, at most 1 000. Default 10.
   */
  readonly closeAfterBadFrames?: number;
  /**
   * The same of messages whose body fails its check, which a form may send as its user types. 0 is never, at most
   * 1 000. Default 100.
   */
  readonly closeAfterInvalid?: number;
  /** Seconds without an inbound frame after which a connection is closed; 0 is never, at most 960. Default 120. */
  readonly idleTimeout?: number;
  /**
   * Whether quiet clients are pinged after 25 seconds (sooner with a short `idleTimeout`). Every client answers
   * a ping by itself, so only a dead one times out; one that does not answer within 8 seconds is closed with
   * 4408. Default `true`.
   */
  readonly sendPings?: boolean;
  /**
   * Compression of what is sent (RFC 7692). Bun knows one setting per server, so routes that compress must
   * agree on it; a route that does not compress stays free of it. Default `false`: anything but `'shared'`
   * costs 140 KB and more per connection.
   */
  readonly perMessageDeflate?: boolean | DeflateOptions;
  /** Whether `connection.publish()` reaches its own connection too, if subscribed. Default `false`. */
  readonly publishToSelf?: boolean;
  /** Subprotocols the route speaks, the preferred one first. Default none: whatever is offered is not selected. */
  readonly subprotocols?: readonly string[];
  /**
   * Origins that may connect: `'same'` (host and port of the `Host` header), `'any'`, or a list such as
   * `['https://app.example.com', 'https://*.example.com']`. Default `'same'`.
   */
  readonly origins?: Origins;
  /** Whether a request without an `Origin` header, which no browser sends, is refused too. Default `false`. */
  readonly requireOrigin?: boolean;
  /** Headers of the 101, a list of values for several of a name. `@UpgradeHeaders()` gives ones that depend on the request. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

type Compressor =
  | boolean
  | 'disable'
  | 'shared'
  | 'dedicated'
  | '3KB'
  | '4KB'
  | '8KB'
  | '16KB'
  | '32KB'
  | '64KB'
  | '128KB'
  | '256KB';

/** How Bun compresses and decompresses. */
export interface DeflateOptions {
  readonly compress?: Compressor;
  readonly decompress?: Compressor;
}

/** Options of a route that are made from providers. */
export interface RouteOptionsFactory {
  // biome-ignore lint/suspicious/noExplicitAny: the providers named in `inject` decide the parameters
  readonly useFactory: (...providers: any[]) => RouteOptions | Promise<RouteOptions>;
  readonly inject?: readonly unknown[];
}
