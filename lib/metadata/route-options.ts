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
  /** Bytes that may wait for a slow client; above it the connection is closed with 4008. Default 1 048 576. */
  readonly backpressureLimit?: number;
  /** Seconds without an inbound frame after which a connection is closed; 0 is never, at most 960. Default 120. */
  readonly idleTimeout?: number;
  /** Whether `connection.publish()` reaches its own connection too, if subscribed. Default `false`. */
  readonly publishToSelf?: boolean;
  /** Subprotocols the route speaks, the preferred one first. Default none: whatever is offered is not selected. */
  readonly subprotocols?: readonly string[];
  /**
   * Origins that may connect: `'same'` (host and port of the `Host` header), `'any'`, or a list such as
   * `['https://app.example.com', 'https://*.example.com']`. Default `'same'`.
   */
  readonly origins?: Origins;
}

/** Options of a route that are made from providers. */
export interface RouteOptionsFactory {
  // biome-ignore lint/suspicious/noExplicitAny: the providers named in `inject` decide the parameters
  readonly useFactory: (...providers: any[]) => RouteOptions | Promise<RouteOptions>;
  readonly inject?: readonly unknown[];
}
