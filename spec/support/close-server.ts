// Run as a process of its own by behaviour/close.spec.ts, without top-level await: as long as one is pending,
// Bun does not end a process that throws. APPLICATIONS says how many applications run in it.
import {
  type Application,
  type BeforeApplicationShutdown,
  BeforeHandle,
  Connection,
  consoleLogger,
  createApplication,
  Injectable,
  Module,
  type OnApplicationShutdown,
  OnClose,
  OnMessage,
  type OnModuleDestroy,
  WebSocketRoute,
} from 'gatewire';

function step(name: string): void {
  console.log(JSON.stringify({ step: name }));
}

function applicationModule(name: string) {
  @Injectable()
  class Lifecycle implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown {
    onModuleDestroy() {
      step(`${name} onModuleDestroy`);
    }

    beforeApplicationShutdown(signal?: string) {
      step(`${name} beforeApplicationShutdown ${signal}`);
    }

    onApplicationShutdown(signal?: string) {
      step(`${name} onApplicationShutdown ${signal}`);
    }
  }

  @WebSocketRoute('/work')
  class WorkController {
    readonly #finish = Promise.withResolvers<void>();

    constructor(readonly lifecycle: Lifecycle) {}

    @OnMessage('work')
    async work(connection: Connection) {
      connection.emit('working');
      await this.#finish.promise;
      step(`${name} worked`);
      return 'done';
    }

    @OnMessage('ask')
    async ask(connection: Connection) {
      const answer = await connection.request('question');
      step(`${name} asked`);
      return answer;
    }

    @OnMessage('for ever')
    async workForEver(connection: Connection) {
      connection.emit('working');
      await new Promise(() => {});
    }

    @OnMessage('close')
    close() {
      closeAll();
      return 'closing';
    }

    @OnClose()
    async closed(code: number) {
      await null;
      step(`${name} closed ${code}`);
    }
  }

  /** Answers 503 instead of 403 while the server drains, and never opens a connection. */
  @WebSocketRoute('/refused')
  class RefusedController {
    @BeforeHandle()
    refuse() {
      return false;
    }
  }

  @Module({ controllers: [WorkController, RefusedController], providers: [Lifecycle] })
  class WorkModule {}
  return WorkModule;
}

const applications: Application[] = [];

function closeAll(): void {
  for (const app of applications) void app.close();
}

async function main() {
  for (let at = 1; at <= Number(process.env.APPLICATIONS ?? 1); at++) {
    const app = await createApplication(applicationModule(`app ${at}`), {
      logger: consoleLogger({ isPretty: false }),
    });
    await app.listen({ port: 0, hostname: '127.0.0.1' });
    applications.push(app);
  }
  process.on('exit', code => step(`exit ${code}`));
  console.log(JSON.stringify({ urls: applications.map(({ url }) => url) }));
}

void main();
