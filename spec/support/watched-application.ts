// What the processes of a WatchedServer have in common, beside the routes of their own.
import {
  type Application,
  type ApplicationOptions,
  Connection,
  consoleLogger,
  createApplication,
  OnClose,
  OnMessage,
  OnOpen,
  WebSocketRoute,
} from 'gatewire';

/** Calls of `@OnOpen` and `@OnClose` of the whole run; every controller of such a process adds to them. */
export const counts = { opened: 0, closed: 0 };

/** Counts its connections, and writes how each of them ended. */
export class Counted {
  @OnOpen()
  open() {
    counts.opened++;
  }

  @OnClose()
  close(code: number, connection: Connection) {
    counts.closed++;
    console.log(JSON.stringify({ closedWith: code, connection: connection.id }));
  }
}

/** Where the control client is echoed to. */
@WebSocketRoute('/echo')
export class EchoController extends Counted {
  @OnMessage()
  echo(text: string) {
    return text;
  }
}

/** The longest the event loop stood still since it was asked last. */
class StallWatch {
  #longest = 0;
  #last = performance.now();

  constructor() {
    setInterval(() => this.#tick(), 5);
  }

  take(): number {
    this.#tick();
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  #tick(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last - 5);
    this.#last = now;
  }
}

/** How the process does, for `/health`. */
export interface WatchedParts extends Omit<ApplicationOptions, 'routes'> {
  readonly routes?: Bun.Serve.Routes<Connection, string>;
  /** What `/health` tells besides. */
  readonly details?: (app: Application) => object;
}

/** Starts the application of such a process; the environment's `OPTIONS` are added to its own. */
export async function serveWatched(
  root: new () => object,
  { routes = {}, details = () => ({}), ...options }: WatchedParts = {},
): Promise<Application> {
  const logger = consoleLogger({ isPretty: false });
  const stalls = new StallWatch();
  const health = (app: Application) => {
    const stall = stalls.take();
    Bun.gc(true);
    const memory = process.memoryUsage.rss() / 2 ** 20;
    return { live: app.server.pendingWebSockets, ...counts, memory, stall, ...details(app) };
  };
  const app = await createApplication(root, {
    logger,
    ...options,
    ...JSON.parse(process.env.OPTIONS ?? '{}'),
    routes: (self: Application) => ({
      ...routes,
      '/health': () => Response.json(health(self)),
      // On the stream of the log, so that all lines before it have arrived when it does.
      '/mark/:mark': (request: Bun.BunRequest<'/mark/:mark'>) => {
        logger.error({ mark: request.params.mark }, 'mark');
        return new Response('ok');
      },
    }),
  });
  await app.listen({ port: 0, hostname: '127.0.0.1' });
  console.log(JSON.stringify({ url: app.url }));
  return app;
}
