// Run as a process of its own by behaviour/drain.spec.ts, without top-level await: as long as one is pending,
// Bun does not end a process that throws. CLOSE says how it closes.
import {
  Connection,
  consoleLogger,
  createApplication,
  Injectable,
  Module,
  type OnApplicationShutdown,
  OnMessage,
  WebSocketRoute,
} from 'gatewire';

/** What handlers have done; written at the very end. */
@Injectable()
class Effects implements OnApplicationShutdown {
  readonly #done: number[] = [];

  add(effect: number): void {
    this.#done.push(effect);
  }

  onApplicationShutdown(): void {
    console.log(JSON.stringify({ effects: this.#done }));
  }
}

@WebSocketRoute('/work', { rateLimit: false })
class WorkController {
  constructor(private readonly effects: Effects) {}

  @OnMessage('add')
  async add(effect: number) {
    await new Promise(resolve => setImmediate(resolve));
    this.effects.add(effect);
    return effect;
  }

  /** Lasts until the client answers, so that a spec decides when the process may end. */
  @OnMessage('hold')
  hold(connection: Connection) {
    return connection.request('held');
  }
}

@WebSocketRoute('/big', { backpressureLimit: 64 * 1024 * 1024 })
class BigController {
  @OnMessage()
  fill(count: string, connection: Connection) {
    const frame = new Uint8Array(1024 * 1024);
    for (let at = 0; at < Number(count); at++) connection.send(frame);
    console.log(JSON.stringify({ waits: connection.bufferedAmount }));
  }
}

@Module({ controllers: [WorkController, BigController], providers: [Effects] })
class DrainModule {}

async function main() {
  const app = await createApplication(DrainModule, {
    close: JSON.parse(process.env.CLOSE ?? '{}'),
    limits: { maxConnectionsPerIp: false },
    logger: consoleLogger({ isPretty: false }),
  });
  await app.listen({ port: 0, hostname: '127.0.0.1' });
  console.log(JSON.stringify({ url: app.url }));
}

void main();
