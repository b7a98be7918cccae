import { IsString } from 'class-validator';
import {
  Connection,
  createApplication,
  Injectable,
  Module,
  OnMessage,
  OnOpen,
  Publisher,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { type Running, serve } from '../support/application.ts';
import { Client } from '../support/client.ts';

class Say {
  @IsString() text!: string;
}

@Injectable()
class Counter {
  count = 0;
}

@WebSocketRoute('/chat')
class ChatController {
  constructor(
    readonly counter: Counter,
    readonly publisher: Publisher,
  ) {}

  @OnOpen()
  open(connection: Connection) {
    connection.subscribe('room');
  }

  @OnMessage('say')
  say({ text }: Say, connection: Connection) {
    connection.publish('room', `from a connection: ${text}`);
    this.publisher.publish('room', `from the publisher: ${text}`);
    return ++this.counter.count;
  }

  @OnMessage('fail')
  fail() {
    throw new Error('failed');
  }
}

@Module({ controllers: [ChatController], providers: [Counter] })
class ChatModule {}

/** Starts the same module class; every application also has a client in the room. */
async function start(options = {}): Promise<{ readonly server: Running; readonly client: Client }> {
  const server = await serve({ imports: [ChatModule] }, options);
  return { server, client: await server.connect('/chat') };
}

describe('two applications of the same classes', () => {
  it('have instances of their own', async () => {
    const [one, other] = await Promise.all([createApplication(ChatModule), createApplication(ChatModule)]);
    for (const token of [Counter, ChatModule, ChatController, Publisher])
      expect(one.get<object>(token)).not.toBe(other.get<object>(token));
    expect(one.get(ChatController).counter).toBe(one.get(Counter));
    expect(one.routes[0]).not.toBe(other.routes[0]);
    expect(one.routes[0]?.instance).toBe(one.get(ChatController));
  });

  it('count, publish and log apart', async () => {
    const one = await start();
    const other = await start();
    await using _one = one.server;
    await using _other = other.server;

    expect(await one.client.request('say', { text: 'a' }, 1)).toEqual({ id: 1, data: 1 });
    expect(await one.client.request('say', { text: 'b' }, 2)).toEqual({ id: 2, data: 2 });
    // What one application publishes would have come before the reply.
    expect(await other.client.request('fail', null, 1)).toMatchObject({ error: { code: 'internal' } });
    expect(other.client.untaken).toEqual([]);
    await using neighbour = await other.server.connect('/chat');
    expect(await other.client.request('say', { text: 'c' }, 2)).toEqual({ id: 2, data: 1 });
    expect(await neighbour.take(2)).toEqual(['from a connection: c', 'from the publisher: c']);
    expect(one.client.untaken).toEqual([]);
    expect(one.server.log).toEqual([]);
    expect(other.server.log).toMatchObject([{ level: 'error', message: 'ChatController.fail() failed' }]);
  });

  it('have options of their own', async () => {
    const strict = await start({
      validation: { forbidNonWhitelisted: true },
      websocket: { idleTimeout: 60 },
    });
    const lenient = await start();
    await using _strict = strict.server;
    await using _lenient = lenient.server;

    const say = { text: 'hi', volume: 11 };
    expect(await strict.client.request('say', say, 1)).toMatchObject({
      error: { code: 'validation_failed' },
    });
    expect(await lenient.client.request('say', say, 1)).toEqual({ id: 1, data: 1 });
    expect(strict.server.app.routes[0]?.options.idleTimeout).toBe(60);
    expect(lenient.server.app.routes[0]?.options.idleTimeout).toBe(120);
  });

  it('are closed one by one', async () => {
    const one = await start();
    const other = await start();
    await using _other = other.server;

    await one.server.app.close({ timeout: 1000 });
    expect((await one.client.closed()).code).toBe(1001);
    expect(await other.client.request('say', { text: 'a' }, 1)).toEqual({ id: 1, data: 1 });
    await expect(Client.connect(`${one.server.url}/chat`)).rejects.toThrow('was refused');
    await using late = await other.server.connect('/chat');
    expect(await late.request('say', { text: 'b' }, 1)).toEqual({ id: 1, data: 2 });
  });

  it('start again after a start that failed', async () => {
    let isBroken = true;
    const config = {
      provide: 'CONFIG',
      useFactory: () => {
        if (isBroken) throw new Error('no file');
        return {};
      },
    };
    @Module({ imports: [ChatModule], providers: [config] })
    class AppModule {}
    await expect(createApplication(AppModule)).rejects.toThrow('GATEWIRE_PROVIDER_FAILED');
    isBroken = false;
    expect((await createApplication(AppModule)).routes).toHaveLength(1);
  });
});
