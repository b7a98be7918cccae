import type { Connection } from '../connection/connection.ts';
import type { Handshake } from '../connection/handshake.ts';
import type { Type } from '../injection/token.ts';

/** The part of a connection's life in which something runs. `upgrade` is everything before the 101. */
export type Phase = 'upgrade' | 'open' | 'message' | 'drain' | 'ping' | 'pong' | 'close' | 'error';

/** What is called: the controller's class and its method; where no method is called, the class stands for it. */
export interface Callee {
  readonly type: abstract new (...args: never[]) => object;
  // biome-ignore lint/complexity/noBannedTypes: NestJS's type of a handler; decorators write their metadata on it
  readonly handler: Function;
  readonly phase: Phase;
}

/** What a callee is called with. */
export interface CallArguments {
  readonly handshake: Handshake;
  /** `null` during the upgrade. */
  readonly connection: Connection | null;
  /** The decoded message; `undefined` where there is none. */
  readonly data?: unknown;
  /** The event's name on an events route. */
  readonly pattern?: string | undefined;
}

/** NestJS's WebSocket view of the arguments. */
export interface WsArgumentsHost {
  /** The connection. Throws at the upgrade, where there is none yet. */
  getClient<Client = Connection>(): Client;
  /** The decoded message, before it is checked; `undefined` where there is none. */
  getData<Data = unknown>(): Data;
  /** The event's name; an empty string where there is none. */
  getPattern(): string;
}

/** NestJS's HTTP view of the arguments, of which there is the request: the handshake. */
export interface HttpArgumentsHost {
  /** The handshake, which has `headers`, `query`, `params`, `cookies` and `url`. */
  getRequest<Request = Handshake>(): Request;
  /** Throws: refuse by an exception, give headers by `@UpgradeHeaders()`. */
  getResponse(): never;
  getNext(): never;
}

/** What an exception filter gets to know of the call that failed. */
export interface ArgumentsHost {
  /** Always `'ws'`. */
  getType<Kind extends string = 'ws'>(): Kind;
  /** Which part of the connection's life it is. */
  getPhase(): Phase;
  /** The HTTP side: headers, query, cookies and path parameters of the upgrade request. */
  getHandshake(): Handshake;
  /** `[connection, data, pattern]`; the connection is `undefined` at the upgrade. */
  getArgs<Args extends unknown[] = unknown[]>(): Args;
  getArgByIndex<Argument = unknown>(index: number): Argument;
  switchToWs(): WsArgumentsHost;
  switchToHttp(): HttpArgumentsHost;
  /** Throws: there is no RPC. */
  switchToRpc(): never;
}

/**
 * What is about to be called, and with what: for guards, interceptors, filters and parameter decorators, at the
 * upgrade, at each message, when the connection opens and closes (`getPhase()`).
 */
export class ExecutionContext implements ArgumentsHost {
  readonly #callee: Callee;
  readonly #arguments: CallArguments;

  /** @internal */
  constructor(callee: Callee, given: CallArguments) {
    this.#callee = callee;
    this.#arguments = given;
  }

  /** Always `'ws'`. */
  getType<Kind extends string = 'ws'>(): Kind {
    return 'ws' as Kind;
  }

  /** Which part of the connection's life it is. */
  getPhase(): Phase {
    return this.#callee.phase;
  }

  /** The controller's class. */
  getClass<Class extends object = object>(): Type<Class> {
    return this.#callee.type as unknown as Type<Class>;
  }

  /** The method that is about to be called; the class itself where none is, as for guards at the upgrade. */
  // biome-ignore lint/complexity/noBannedTypes: NestJS's type
  getHandler(): Function {
    return this.#callee.handler;
  }

  /**
   * The HTTP side. After the upgrade too it has the headers, query, cookies and path parameters, because the route
   * has something that may ask for them.
   */
  getHandshake(): Handshake {
    return this.#arguments.handshake;
  }

  /** `[connection, data, pattern]`; the connection is `undefined` at the upgrade. */
  getArgs<Args extends unknown[] = unknown[]>(): Args {
    const { connection, data, pattern } = this.#arguments;
    return [connection ?? undefined, data, pattern] as Args;
  }

  /** One of `getArgs()`. */
  getArgByIndex<Argument = unknown>(index: number): Argument {
    return this.getArgs()[index] as Argument;
  }

  /** The connection, the message and its event. */
  switchToWs(): WsArgumentsHost {
    const { connection, data, pattern = '' } = this.#arguments;
    return {
      getClient: <Client>() => (connection ?? noConnection()) as Client,
      getData: <Data>() => data as Data,
      getPattern: () => pattern,
    };
  }

  /** The handshake as the request, for guards that were written for HTTP. */
  switchToHttp(): HttpArgumentsHost {
    return {
      getRequest: <Request>() => this.#arguments.handshake as Request,
      getResponse: () =>
        noPart('response: throw an HttpException to refuse, give headers by @UpgradeHeaders()'),
      getNext: () => noPart('next function'),
    };
  }

  /** Throws: a WebSocket route has no RPC context. */
  switchToRpc(): never {
    return noPart('RPC context: use switchToWs() or getHandshake()');
  }
}

function noConnection(): never {
  throw new Error(
    'there is no connection yet at the upgrade: take what the client sent from context.getHandshake(), or look at context.getPhase() first',
  );
}

function noPart(what: string): never {
  throw new Error(`a WebSocket route has no ${what}`);
}
