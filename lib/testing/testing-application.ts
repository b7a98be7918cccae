import type { Application, CloseOptions } from '../application.ts';
import type { Token } from '../injection/token.ts';
import type { ConnectOptions } from './connect-options.ts';
import { TestClient } from './test-client.ts';

const DEFAULT_CLOSE_TIMEOUT = 1000;

/** An application in a test: made by `compile()`, listening on a free port from its first connection on. */
export class TestingApplication implements AsyncDisposable {
  /** The application itself, for all else that it can do. */
  readonly application: Application;
  #url: Promise<string> | undefined;

  /** @internal */
  constructor(application: Application) {
    this.application = application;
  }

  /** The instance of a provider, in whichever module it is. */
  get<Value>(token: Token<Value>): Value {
    return this.application.get(token);
  }

  /** A new instance of a transient provider. */
  resolve<Value>(token: Token<Value>): Promise<Value> {
    return this.application.resolve(token);
  }

  /**
   * Runs `onModuleInit` and `onApplicationBootstrap`, then listens on a free port of loopback, and gives the
   * URL, `http://127.0.0.1:41233`. Calling it again gives the same; `connect()` calls it.
   */
  listen(): Promise<string> {
    this.#url ??= this.#listen();
    return this.#url;
  }

  /**
   * Opens a WebSocket at a path, `/chat/1?name=Ada`. It is a real one: every step of the upgrade runs, once.
   *
   * @throws UpgradeRefused with the status and body of the answer, when it is another than 101.
   */
  async connect(path: string, options: ConnectOptions = {}): Promise<TestClient> {
    if (!path.startsWith('/')) throw new TypeError(`connect() takes a path from "/" on (got "${path}")`);
    // Awaited here, a refusal has the line of the test in its stack.
    return await TestClient.connect((await this.listen()) + path, options);
  }

  /**
   * Closes the application, and with it what is still connected; every `@OnClose` has ended then. Handlers
   * get a second to finish unless `timeout` says otherwise.
   */
  close({ timeout = DEFAULT_CLOSE_TIMEOUT, ...others }: CloseOptions = {}): Promise<void> {
    return this.application.close({ timeout, ...others });
  }

  /** Closes with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listen(): Promise<string> {
    await this.application.listen({ port: 0, hostname: '127.0.0.1' });
    return this.application.url;
  }
}
