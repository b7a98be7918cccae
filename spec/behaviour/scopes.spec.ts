import {
  BeforeHandle,
  Connection,
  Handshake,
  Inject,
  Injectable,
  OnClose,
  OnMessage,
  OnOpen,
  REQUEST,
  Scope,
  UnauthorizedException,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { rawUpgrade } from '../support/raw.ts';

const events: string[] = [];

@Injectable({ scope: Scope.CONNECTION })
class Session {
  readonly name: string;

  constructor(
    handshake: Handshake,
    @Inject(REQUEST) readonly request: Handshake,
  ) {
    this.name = String(handshake.query.name);
    if (this.name === 'nobody') throw new UnauthorizedException('who are you');
    events.push(`made ${this.name}`);
  }

  async [Symbol.asyncDispose]() {
    await Promise.resolve();
    events.push(`disposed ${this.name}`);
  }
}

@Injectable()
class Clock {
  readonly made = events.push('clock');
}

@WebSocketRoute('/count')
@Injectable({ scope: Scope.CONNECTION })
class CountController {
  #count = 0;

  constructor(
    private readonly session: Session,
    private readonly clock: Clock,
    private readonly handshake: Handshake,
  ) {}

  @BeforeHandle()
  before(handshake: Handshake) {
    this.#count = 10;
    return (
      handshake.query.name !== 'refused' && handshake === this.handshake && handshake === this.session.request
    );
  }

  @OnOpen()
  open() {
    this.#count++;
  }

  @OnMessage()
  next(text: string, connection: Connection) {
    if (text === 'close') connection.close(4000);
    return `${this.session.name} ${++this.#count} ${typeof this.clock}`;
  }

  @OnClose()
  async close() {
    await Promise.resolve();
    events.push(`close ${this.session.name} ${this.#count}`);
  }

  onConnectionClose() {
    events.push(`controller of ${this.session.name}`);
  }
}

const parts = { controllers: [CountController], providers: [Session, Clock] };

describe('Scope.CONNECTION', () => {
  it('gives each connection its own controller and providers, shared by all its hooks, disposed after @OnClose', async () => {
    events.length = 0;
    await using server = await serve(parts);
    const ada = await server.connect('/count?name=ada');
    const bob = await server.connect('/count?name=bob');
    ada.send('a');
    ada.send('b');
    bob.send('a');
    expect(await ada.take(2)).toEqual(['ada 12 object', 'ada 13 object']);
    expect(await bob.take(1)).toEqual(['bob 12 object']);
    await ada.close();
    await until(() => events.includes('disposed ada'), 'the end of ada');
    bob.send('close');
    await until(() => events.includes('disposed bob'), 'the end of bob');
    expect(events).toEqual([
      'clock',
      'made ada',
      'made bob',
      'close ada 13',
      'controller of ada',
      'disposed ada',
      'close bob 13',
      'controller of bob',
      'disposed bob',
    ]);
  });

  it('is disposed where the upgrade is refused, by a hook, by a constructor, or because the client is gone', async () => {
    events.length = 0;
    await using server = await serve(parts);
    expect((await rawUpgrade(`${server.url}/count?name=refused`)).status).toBe(403);
    await until(() => events.includes('disposed refused'), 'the disposal');
    const nobody = await rawUpgrade(`${server.url}/count?name=nobody`);
    expect(nobody.json()).toEqual({ statusCode: 401, code: 'unauthenticated', message: 'who are you' });
    expect(events).toEqual(['clock', 'made refused', 'controller of refused', 'disposed refused']);
    expect(server.log).toMatchObject([{ level: 'warn', facts: { hook: 'CountController constructor' } }]);
  });

  it('waits for an asynchronous provider, and ends with app.close()', async () => {
    events.length = 0;
    const session = {
      provide: Session,
      scope: Scope.CONNECTION,
      inject: [Handshake],
      useFactory: async (handshake: Handshake) => new Session(handshake, handshake),
    };
    const server = await serve({ ...parts, providers: [session, Clock] });
    const client = await server.connect('/count?name=eve');
    client.send('a');
    expect(await client.next()).toBe('eve 12 object');
    await server.app.close();
    expect(events.slice(-3)).toEqual(['close eve 12', 'controller of eve', 'disposed eve']);
  });

  it('logs what goes wrong with the cleaning up', async () => {
    @WebSocketRoute('/dirty')
    @Injectable({ scope: Scope.CONNECTION })
    class DirtyController {
      onConnectionClose() {
        throw new Error('stuck');
      }
    }
    await using server = await serve([DirtyController]);
    const client = await server.connect('/dirty');
    await client.close();
    await until(() => server.log.length === 1, 'the line');
    expect(server.log).toMatchObject([
      {
        level: 'error',
        message: 'DirtyController failed to clean up',
        facts: { error: { message: 'stuck' } },
      },
    ]);
  });

  it('cannot be injected into what lives longer', async () => {
    @Injectable()
    class Registry {
      constructor(readonly session: Session) {}
    }
    const text = await mistakesOf({ ...parts, providers: [Session, Clock, Registry] });
    expect(text).toContain('Registry → Session');
    expect(text).toContain('[GATEWIRE_SCOPE_MISMATCH]');
  });
});
