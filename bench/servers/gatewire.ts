import {
  Connection,
  createApplication,
  Module,
  OnMessage,
  OnOpen,
  Publisher,
  type Type,
  WebSocketRoute,
} from 'gatewire';
import { type Host, routeOf } from '../../lib/server/host.ts';
import { LOAD_LIMITS, LOAD_RATE, LOOPBACK, serve, TOPIC } from './serve.ts';

@WebSocketRoute('/')
class EchoController {
  @OnMessage()
  echo(text: string) {
    return text;
  }
}

/** The inside of the server; no part of what Gatewire exports. */
let host: Host | null = null;

@WebSocketRoute('/')
class BroadcastController {
  constructor(private readonly publisher: Publisher) {}

  @OnOpen()
  open(connection: Connection) {
    host ??= routeOf(connection).host;
    connection.subscribe(TOPIC);
  }

  @OnMessage()
  say(text: string) {
    this.publisher.publish(TOPIC, text);
  }
}

await serve({
  echo: () => listen([EchoController]),
  broadcast: async () => ({
    port: await listen([BroadcastController]),
    registered: () => host?.connections.size ?? 0,
  }),
  many: routes => listen(Array.from({ length: routes }, (_, at) => echoAt(`/r${at}`))),
  // Imported on demand: a server without DTOs does not load class-validator.
  validated: async () => listen([(await import('./gatewire-dto.ts')).MessageController]),
  upgrade: async () => listen([(await import('./gatewire-dto.ts')).JoinController]),
});

async function listen(controllers: Type<object>[]): Promise<number> {
  @Module({ controllers })
  class AppModule {}
  const app = await createApplication(AppModule, {
    logger: false,
    limits: LOAD_LIMITS,
    websocket: { ...LOAD_RATE, closeAfterInvalid: 0 },
  });
  await app.listen({ hostname: LOOPBACK, port: 0 });
  return app.port;
}

function echoAt(path: string): Type<object> {
  @WebSocketRoute(path)
  class Echo {
    @OnMessage()
    echo(text: string) {
      return text;
    }
  }
  return Echo;
}
