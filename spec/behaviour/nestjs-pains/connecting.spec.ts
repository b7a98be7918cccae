import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BeforeHandle,
  Connection,
  createApplication,
  Handshake,
  HttpException,
  Injectable,
  Module,
  OnClose,
  OnMessage,
  type OnModuleInit,
  OnOpen,
  Param,
  Scope,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../../support/application.ts';
import { until } from '../../support/deadline.ts';
import { rawUpgrade } from '../../support/raw.ts';

@Injectable()
class Accounts {
  find(token: string): string | undefined {
    return token === 'ada' ? 'Ada' : undefined;
  }
}

@WebSocketRoute('/rooms/:room')
class RoomController {
  constructor(private readonly accounts: Accounts) {}

  @BeforeHandle()
  admit({ query, data }: Handshake) {
    const { token } = query;
    if (token === 'full') throw new HttpException({ code: 'room_full', message: 'No seat is left' }, 409);
    if (token === 'gone') return new Response('moved', { status: 410, headers: { Link: '</rooms>' } });
    data.name = this.accounts.find(String(token));
    return data.name !== undefined;
  }

  @OnMessage('where')
  where(connection: Connection, @Param('room') room: string) {
    return `${connection.data.name} in ${room}`;
  }
}

const rooms = () => serve({ controllers: [RoomController], providers: [Accounts] });

describe('pain 10: path parameters', () => {
  it('are taken from the path, and another path is 404', async () => {
    await using running = await rooms();
    await using client = await running.connect('/rooms/blue?token=ada');
    expect(await client.request('where', null, 1)).toEqual({ id: 1, data: 'Ada in blue' });
    expect((await rawUpgrade(`${running.url}/room/blue?token=ada`)).status).toBe(404);
  });
});

describe('pain 11: an upgrade cannot be refused with a status by something injected', () => {
  it('is refused with the status, the body and the headers that a hook with providers decides', async () => {
    await using running = await rooms();
    const denied = await rawUpgrade(`${running.url}/rooms/blue?token=bob`);
    expect([denied.status, denied.json().code]).toEqual([403, 'forbidden']);
    const full = await rawUpgrade(`${running.url}/rooms/blue?token=full`);
    expect(full.status).toBe(409);
    expect(full.json()).toEqual({ statusCode: 409, code: 'room_full', message: 'No seat is left' });
    const gone = await rawUpgrade(`${running.url}/rooms/blue?token=gone`);
    expect([gone.status, gone.headers.link, gone.body]).toEqual([410, '</rooms>', 'moved']);
  });
});

describe('pain 12: no request or connection scope', () => {
  it('gives each connection an instance of its own, shared by its hooks, and disposes of it', async () => {
    const disposed: number[] = [];

    @WebSocketRoute('/count')
    @Injectable({ scope: Scope.CONNECTION })
    class CountController {
      private count = 0;

      @OnOpen()
      open() {
        this.count = 10;
      }

      @OnMessage('next')
      next() {
        return ++this.count;
      }

      @OnClose()
      close() {
        this.count += 100;
      }

      onConnectionClose() {
        disposed.push(this.count);
      }
    }

    await using running = await serve([CountController]);
    await using one = await running.connect('/count');
    await using other = await running.connect('/count');
    await one.request('next', null, 1);
    expect(await one.request('next', null, 2)).toEqual({ id: 2, data: 12 });
    expect(await other.request('next', null, 1)).toEqual({ id: 1, data: 11 });
    await one.close();
    await until(() => disposed.length > 0, 'the instance is disposed of');
    expect(disposed).toEqual([112]);
  });
});

describe('pain 16: no options of a gateway from the ConfigService', () => {
  it('makes the options of a route from injected providers', async () => {
    @Injectable()
    class ConfigService {
      readonly limit = 16;
    }

    @WebSocketRoute('/echo', {
      inject: [ConfigService],
      useFactory: ({ limit }: ConfigService) => ({ maxPayloadLength: limit }),
    })
    class EchoController {
      @OnMessage()
      echo(text: string) {
        return text;
      }
    }

    await using running = await serve({ controllers: [EchoController], providers: [ConfigService] });
    await using client = await running.connect('/echo');
    client.send('x'.repeat(17));
    expect((await client.closed()).code).toBe(1009);
  });
});

describe('pain 17: many gateways on one server share options, and events come N times', () => {
  @WebSocketRoute('/open')
  class OpenController {
    @OnMessage('hello')
    hello() {
      return 'open';
    }
  }

  @WebSocketRoute('/closed')
  class ClosedController {
    @BeforeHandle()
    admit() {
      return false;
    }

    @OnMessage('hello')
    hello() {
      return 'closed';
    }
  }

  it('runs the handler of the path once, and the hooks of no other path', async () => {
    await using running = await serve([OpenController, ClosedController]);
    await using client = await running.connect('/open');
    expect(await client.request('hello', null, 1)).toEqual({ id: 1, data: 'open' });
    expect(client.untaken).toEqual([]);
    expect((await rawUpgrade(`${running.url}/closed`)).status).toBe(403);
  });

  it('does not start with two controllers at one path', async () => {
    @WebSocketRoute('/open')
    class SecondController {
      @OnMessage('hello')
      hello() {}
    }
    const mistakes = await mistakesOf([OpenController, SecondController]);
    expect(mistakes).toContain('GATEWIRE_DUPLICATE_PATH');
    expect(mistakes).toContain('OpenController');
  });
});

describe('pain 19: serves before onModuleInit() has ended', () => {
  it('listens only once every provider is ready', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'gatewire-'));
    const unix = join(folder.path, 'server.sock');
    const seen: string[] = [];
    const look = () =>
      fetch('http://localhost/', { unix })
        .then(({ status }) => String(status))
        .catch(() => 'nobody');

    @Injectable()
    class Database implements OnModuleInit {
      async onModuleInit() {
        seen.push(await look());
      }
    }

    @WebSocketRoute('/data')
    class DataController {
      @OnMessage('any')
      any() {}
    }

    class DataModule {}
    Module({ controllers: [DataController], providers: [Database] })(DataModule);
    await using app = await createApplication(DataModule);
    await app.listen({ unix });
    seen.push(await look());
    expect(seen).toEqual(['nobody', '404']);
  });
});

describe('pain 24: no limits: any origin, any size', () => {
  @WebSocketRoute('/chat')
  class ChatController {
    @OnMessage()
    echo(text: string) {
      return text.length;
    }
  }

  it('refuses the page of another site, and more than 64 KiB, unless told otherwise', async () => {
    await using running = await serve([ChatController]);
    const foreign = await rawUpgrade(`${running.url}/chat`, { headers: { Origin: 'https://evil.example' } });
    expect(foreign.json()).toMatchObject({ statusCode: 403, code: 'origin_denied' });
    await using client = await running.connect('/chat');
    client.send('x'.repeat(64 * 1024));
    expect(await client.next()).toBe(64 * 1024);
    client.send('x'.repeat(64 * 1024 + 1));
    expect((await client.closed()).code).toBe(1009);
  });

  it('takes so many connections, and so many messages of each, and no more', async () => {
    const limits = { maxConnections: 2 };
    await using running = await serve([ChatController], {
      limits,
      websocket: { rateLimit: { rate: 1, burst: 3 } },
    });
    await using client = await running.connect('/chat');
    await using _other = await running.connect('/chat');
    const third = await rawUpgrade(`${running.url}/chat`);
    expect(third.status).toBe(503);
    expect(third.headers['retry-after']).toBe('5');
    for (let sent = 0; sent < 4; sent++) client.send('four');
    expect(await client.take(4)).toMatchObject([4, 4, 4, { error: { code: 'rate_limited' } }]);
  });
});
