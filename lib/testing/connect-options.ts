/** How `connect()` asks for the upgrade, and how long the client waits. */
export interface ConnectOptions {
  /** Headers of the upgrade request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The subprotocols to offer. */
  readonly protocols?: readonly string[];
  /** Milliseconds that each wait of this client takes at most, unless it says otherwise. Default 2000. */
  readonly timeout?: number;
}
