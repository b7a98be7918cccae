// Run as a process of its own by behaviour/fatal-errors.spec.ts, without top-level await: as long as one is pending,
// Bun does not end a process that throws. APPLICATIONS says how many applications run in it, ON_FATAL what their
// `onFatal` is, and LISTENS which events of the process the program takes itself.
import {
  type Application,
  Connection,
  consoleLogger,
  createApplication,
  Injectable,
  Module,
  OnClose,
  type OnFatal,
  OnMessage,
  type OnModuleDestroy,
  WebSocketRoute,
} from 'gatewire';

function step(name: string): void {
  console.log(JSON.stringify({ step: name }));
}

/** Ways for an error to escape from where any hook could catch it. */
const ESCAPES: Readonly<Record<string, () => void>> = {
  'timer throws': () => {
    setTimeout(() => {
      throw new Error('nobody caught this');
    });
  },
  'timer throws undefined': () => {
    setTimeout(() => {
      throw undefined;
    });
  },
  'promise rejects': () => {
    void Promise.reject(new Error('nobody caught this'));
  },
};

function applicationModule(name: string) {
  @Injectable()
  class Lifecycle implements OnModuleDestroy {
    async onModuleDestroy() {
      step(`${name} onModuleDestroy`);
      if (process.env.SHUTDOWN !== 'throws') return;
      ESCAPES['timer throws']?.();
      // What is thrown by then ends the process.
      await new Promise(() => {});
    }
  }

  @WebSocketRoute('/work')
  class WorkController {
    constructor(readonly lifecycle: Lifecycle) {}

    @OnMessage('escape')
    escape(how: string) {
      ESCAPES[how]?.();
      return 'escaped';
    }

    @OnMessage('ask')
    async ask(connection: Connection) {
      return await connection.request('question');
    }

    @OnMessage('ask and escape')
    async askAndEscape(connection: Connection) {
      await connection.request('question');
      ESCAPES['timer throws']?.();
      return await connection.request('another question');
    }

    @OnMessage('close and escape')
    close() {
      for (const app of applications) void app.close().then(ESCAPES['timer throws']);
    }

    @OnClose()
    closed(code: number) {
      step(`${name} closed ${code}`);
    }
  }

  @Module({ controllers: [WorkController], providers: [Lifecycle] })
  class WorkModule {}
  return WorkModule;
}

const HANDLERS: Readonly<Record<string, OnFatal>> = {
  exit: 'exit',
  log: 'log',
  false: false,
  observes: async (error, origin) => {
    await null;
    step(`told of ${origin}: ${error instanceof Error ? error.message : error}`);
  },
  stays: () => 'log',
  throws: () => {
    throw new Error('the handler failed');
  },
};

const applications: Application[] = [];

async function main() {
  const { APPLICATIONS = '1', ON_FATAL, LISTENS = '' } = process.env;
  for (const event of LISTENS.split(' ').filter(name => name !== '')) {
    process.on(event as 'uncaughtException', error => step(`the program's own: ${error.message}`));
  }
  for (let at = 1; at <= Number(APPLICATIONS); at++) {
    const app = await createApplication(applicationModule(`app ${at}`), {
      logger: consoleLogger({ isPretty: false }),
      ...(ON_FATAL === undefined ? {} : { onFatal: HANDLERS[ON_FATAL] as OnFatal }),
    });
    await app.listen({ port: 0, hostname: '127.0.0.1' });
    applications.push(app);
  }
  process.on('exit', code => step(`exit ${code}`));
  console.log(JSON.stringify({ urls: applications.map(({ url }) => url) }));
}

void main();
