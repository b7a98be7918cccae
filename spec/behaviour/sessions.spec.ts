import { IsString } from 'class-validator';
import {
  BeforeHandle,
  type CanActivate,
  Connection,
  EventContext,
  EventName,
  type ExecutionContext,
  type GuardResult,
  Handshake,
  Injectable,
  OnAuth,
  OnClose,
  OnMessage,
  OnOpen,
  ParseMessage,
  Publisher,
  UseGuards,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf, type Running, serve } from '../support/application.ts';
import { until } from '../support/deadline.ts';
import { rawUpgrade } from '../support/raw.ts';
import { Stage } from '../support/stage.ts';

const EXPIRED = { code: 4401, reason: 'session expired' };
const HOUR = 3_600_000;

/** A guard that answers the upgrade so, and lets every message in. */
function signedIn(answer: (handshake: Handshake) => GuardResult): CanActivate {
  return {
    canActivate(context: ExecutionContext) {
      return context.getPhase() !== 'upgrade' || answer(context.getHandshake());
    },
  };
}

/** Reads `?user=ada&for=1000`: who it is, and for how many milliseconds. */
const byQuery = signedIn(({ query }) => {
  const user = { id: String(query.user) };
  return query.for === undefined ? { user } : { user, expiresAt: Date.now() + Number(query.for) };
});

class Ticket {
  @IsString() user!: string;
}

const usersOf = ({ app }: Running) => app.get(Publisher).users.size;

describe('a session', () => {
  it('ends with 4401 when its time is over', async () => {
    const stage = new Stage();
    @WebSocketRoute('/feed')
    @UseGuards(byQuery)
    class FeedController {
      @OnClose()
      close(code: number, reason: string) {
        stage.events.push(`${code} ${reason}`);
      }
    }
    await using server = await serve([FeedController]);
    await using client = await server.connect('/feed?user=ada&for=50');
    expect(await client.closed()).toEqual(EXPIRED);
    await stage.reached('4401 session expired');
    expect(usersOf(server)).toBe(0);
    expect(server.log).toEqual([]);
  });

  it('takes a Date', async () => {
    @WebSocketRoute('/feed')
    @UseGuards(signedIn(() => ({ user: { id: 7 }, expiresAt: new Date(Date.now() + 50) })))
    class FeedController {}
    await using server = await serve([FeedController]);
    await using client = await server.connect('/feed');
    expect(await client.closed()).toEqual(EXPIRED);
  });

  it('without an end does not end', async () => {
    const stage = new Stage();
    @WebSocketRoute('/both')
    @UseGuards(byQuery)
    class BothController {
      @OnClose()
      close(connection: Connection) {
        stage.events.push(String(connection.user?.id));
      }
    }
    await using server = await serve([BothController]);
    await using stays = await server.connect('/both?user=stays');
    await using ends = await server.connect('/both?user=ends&for=50');
    expect(await ends.closed()).toEqual(EXPIRED);
    await stage.reached('ends');
    expect(stage.events).toEqual(['ends']);
    expect(stays.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('lets nothing be handled after its end, neither what arrives nor what waits', async () => {
    const stage = new Stage();
    let endsAt = 0;
    @WebSocketRoute('/work')
    @UseGuards(
      signedIn(() => {
        endsAt = Date.now() + 150;
        return { user: { id: 7 }, expiresAt: endsAt };
      }),
    )
    class WorkController {
      @OnMessage()
      work(name: string) {
        return stage.run(name);
      }
    }
    await using server = await serve([WorkController]);
    await using client = await server.connect('/work');
    client.send('first');
    client.send('waits');
    await stage.reached('start first');
    await until(() => Date.now() >= endsAt, 'the end');
    client.send('late');
    stage.finish('first', 'waits', 'late');
    expect(await client.closed()).toEqual(EXPIRED);
    await stage.reached('end first');
    expect(stage.events).toEqual(['start first', 'end first']);
  });

  it('that is over already refuses the upgrade with 401, and a message with an error', async () => {
    let answer: GuardResult = { user: { id: 7 }, expiresAt: Date.now() - 1 };
    @WebSocketRoute('/late')
    @UseGuards({ canActivate: () => answer })
    class LateController {
      @OnMessage('say')
      say(text: string) {
        return text;
      }
    }
    await using server = await serve([LateController]);
    const refused = await rawUpgrade(`${server.url}/late`);
    expect([refused.status, refused.json()]).toEqual([
      401,
      { statusCode: 401, code: 'unauthenticated', message: 'The session has expired' },
    ]);
    const over = answer;
    answer = true;
    await using client = await server.connect('/late');
    answer = over;
    expect(await client.request('say', 'hi', 1)).toEqual({
      id: 1,
      error: { code: 'unauthenticated', message: 'The session has expired' },
    });
  });

  it('is prolonged by a guard of a message', async () => {
    const user = { id: 7 };
    @WebSocketRoute('/used')
    @UseGuards({
      canActivate: (context: ExecutionContext) => ({
        user,
        expiresAt: Date.now() + (context.getPhase() === 'upgrade' ? 300 : HOUR),
      }),
    })
    class UsedController {
      @OnMessage('say')
      say() {
        return 'said';
      }
    }
    await using server = await serve([UsedController]);
    await using client = await server.connect('/used');
    await using other = await server.connect('/used');
    expect(await client.request('say', null, 1)).toEqual({ id: 1, data: 'said' });
    expect(await other.closed()).toEqual(EXPIRED);
    expect(await client.request('say', null, 2)).toEqual({ id: 2, data: 'said' });
  });

  it.each([
    ['seconds', { user: { id: 7 }, expiresAt: 1_900_000_000 }, 'multiply the "exp" of a token by 1000'],
    ['text', { user: { id: 7 }, expiresAt: '2030' }, 'a Date, or milliseconds since 1970 (got 2030)'],
    [
      'no date',
      { user: { id: 7 }, expiresAt: new Date('?') },
      'a Date, or milliseconds since 1970 (got NaN)',
    ],
    ['no id', { user: { name: 'Ada' } }, 'a user has an id, a string or a number (got undefined)'],
    ['an id that is NaN', { user: { id: Number('?') } }, 'a user has an id, a string or a number (got NaN)'],
  ])('of %s is a mistake that the log names', async (_name, answer, message) => {
    @WebSocketRoute('/wrong')
    @UseGuards(signedIn(() => answer as GuardResult))
    class WrongController {}
    await using server = await serve([WrongController]);
    expect((await rawUpgrade(`${server.url}/wrong`)).status).toBe(500);
    expect(String(server.log[0]?.facts.error)).toContain(message);
  });
});

describe('a user', () => {
  it('is known by the id that it had when the guard returned it', async () => {
    const user = { id: 'ada' };
    @WebSocketRoute('/renamed')
    @UseGuards(signedIn(() => ({ user })))
    class RenamedController {}
    await using server = await serve([RenamedController]);
    const client = await server.connect('/renamed');
    user.id = 'bob';
    const publisher = server.app.get(Publisher);
    expect([publisher.user('ada').publish('hi'), publisher.user('bob').publish('hi')]).toEqual([1, 0]);
    await client.close();
    await until(() => usersOf(server) === 0, 'nobody');
  });
});

/** Tickets are the names of users; one that begins with `?` is forged, `!` throws what a library would. */
function authController(stage: Stage) {
  @WebSocketRoute('/desk')
  @UseGuards(byQuery)
  class DeskController {
    @OnAuth()
    async auth({ user }: Ticket, connection: Connection): Promise<GuardResult> {
      if (user === 'returned') return new Error('signature verification failed') as unknown as GuardResult;
      stage.events.push(`auth ${user} by ${connection.user?.id}`);
      if (user.startsWith('!')) throw new Error('signature verification failed');
      if (user.startsWith('held')) await stage.run(user);
      return !user.startsWith('?') && { user: { id: user }, expiresAt: Date.now() + HOUR };
    }

    @OnMessage('who')
    who(connection: Connection) {
      return connection.user?.id;
    }

    @OnMessage('work')
    work(name: string) {
      return stage.run(name);
    }

    @OnClose()
    close() {
      stage.events.push('closed');
    }
  }
  return DeskController;
}

const UNAUTHENTICATED = { code: 'unauthenticated', message: 'Unauthorized' };

describe('@OnAuth', () => {
  it('renews a session: the connection outlives its first end', async () => {
    await using server = await serve([authController(new Stage())]);
    await using client = await server.connect('/desk?user=ada&for=300');
    await using other = await server.connect('/desk?user=ada&for=300');
    expect(await client.request('$auth', { user: 'ada' }, 1)).toEqual({ id: 1, data: null });
    expect(await other.closed()).toEqual(EXPIRED);
    expect(await client.request('who', null, 2)).toEqual({ id: 2, data: 'ada' });
  });

  it('makes it the connection of another user', async () => {
    await using server = await serve([authController(new Stage())]);
    await using client = await server.connect('/desk?user=ada');
    await client.request('$auth', { user: 'bob' }, 1);
    expect(await client.request('who', null, 2)).toEqual({ id: 2, data: 'bob' });
    const publisher = server.app.get(Publisher);
    expect([publisher.user('ada').publish('hi'), publisher.user('bob').publish('hi')]).toEqual([0, 1]);
  });

  it('does not wait behind a handler', async () => {
    const stage = new Stage();
    await using server = await serve([authController(stage)]);
    await using client = await server.connect('/desk?user=ada');
    client.send({ event: 'work', data: 'a' });
    await stage.reached('start a');
    expect(await client.request('$auth', { user: 'bob' }, 1)).toEqual({ id: 1, data: null });
    expect(stage.events).toEqual(['start a', 'auth bob by ada']);
    stage.finish('a');
  });

  it.each([
    ['something falsy', '?mallory'],
    ['a throw', '!mallory'],
    ['an error that it returns', 'returned'],
  ])('answers %s with unauthenticated, and leaves the connection as it was', async (_name, user) => {
    await using server = await serve([authController(new Stage())]);
    await using client = await server.connect('/desk?user=ada');
    expect(await client.request('$auth', { user }, 1)).toEqual({ id: 1, error: UNAUTHENTICATED });
    client.send({ event: '$auth', data: { user } });
    expect(await client.next()).toEqual({
      event: 'exception',
      data: { status: 'error', ...UNAUTHENTICATED },
    });
    expect(await client.request('who', null, 1)).toEqual({ id: 1, data: 'ada' });
    expect(server.log.map(({ level, message }) => `${level} ${message}`)).toEqual(
      Array(2).fill('warn DeskController.auth() refused'),
    );
    expect(JSON.stringify(server.log)).not.toContain('mallory');
  });

  it('leaves a refused connection until its end, which comes nevertheless', async () => {
    await using server = await serve([authController(new Stage())]);
    await using client = await server.connect('/desk?user=ada&for=200');
    expect(await client.request('$auth', { user: '?' }, 1)).toEqual({ id: 1, error: UNAUTHENTICATED });
    expect(await client.closed()).toEqual(EXPIRED);
  });

  it('sends nothing where the frame had no id', async () => {
    await using server = await serve([authController(new Stage())]);
    await using client = await server.connect('/desk?user=ada');
    client.send({ event: '$auth', data: { user: 'bob' } });
    const frames = [await client.request('who', null, 1)];
    while (frames.at(-1)?.data !== 'bob') frames.push(await client.request('who', null, frames.length + 1));
    expect(client.untaken).toEqual([]);
  });

  it('takes its data as a DTO, and tells what is wrong with it', async () => {
    const stage = new Stage();
    await using server = await serve([authController(stage)]);
    await using client = await server.connect('/desk?user=ada');
    expect(await client.request('$auth', { user: 7 }, 1)).toMatchObject({
      id: 1,
      error: { code: 'validation_failed', issues: [{ path: 'user', rule: 'isString' }] },
    });
    expect(stage.events).toEqual([]);
  });

  it('runs once at a time, and refuses a second frame meanwhile', async () => {
    const stage = new Stage();
    await using server = await serve([authController(stage)]);
    await using client = await server.connect('/desk?user=ada');
    client.send({ event: '$auth', data: { user: 'held' }, id: 1 });
    await stage.reached('start held');
    expect(await client.request('$auth', { user: 'bob' }, 2)).toMatchObject({
      id: 2,
      error: { code: 'overloaded' },
    });
    stage.finish('held');
    expect(await client.next()).toEqual({ id: 1, data: null });
    expect(await client.request('$auth', { user: 'bob' }, 2)).toEqual({ id: 2, data: null });
  });

  it('ends before @OnClose of a client that leaves meanwhile, and leaves no user behind', async () => {
    const stage = new Stage();
    await using server = await serve([authController(stage)]);
    const client = await server.connect('/desk?user=ada');
    client.send({ event: '$auth', data: { user: 'held' } });
    await stage.reached('start held');
    await client.close();
    await until(() => usersOf(server) === 0, 'nobody');
    stage.finish('held');
    await stage.reached('closed');
    expect(stage.events).toEqual(['auth held by ada', 'start held', 'end held', 'closed']);
    expect(usersOf(server)).toBe(0);
  });

  it('takes no @EventName(), which is always the same', async () => {
    @WebSocketRoute('/named')
    class NamedController {
      @OnAuth()
      auth(@EventName() _event: string) {
        return true;
      }
    }
    expect(await mistakesOf([NamedController])).toContain('@EventName() has no meaning in @OnAuth()');
  });

  it('takes a text, and frames that a @ParseMessage reads', async () => {
    const stage = new Stage();
    @WebSocketRoute('/parsed')
    class ParsedController {
      @ParseMessage()
      parse(frame: string) {
        const [event, data] = frame.split(' ');
        return { event, data };
      }

      @OnAuth()
      auth(token: string) {
        stage.events.push(token);
        return { user: { id: token } };
      }

      @OnMessage('work')
      work(name: string) {
        return stage.run(name);
      }
    }
    await using server = await serve([ParsedController]);
    await using client = await server.connect('/parsed');
    client.send('work a');
    await stage.reached('start a');
    client.send('$auth ada');
    await stage.reached('ada');
    expect(stage.events).toEqual(['start a', 'ada']);
    stage.finish('a');
    expect(await client.next()).toEqual({ event: 'work', data: 'a' });
  });

  it('serves a controller without messages', async () => {
    @WebSocketRoute('/feed')
    class FeedController {
      @OnAuth()
      auth(token: string) {
        if (token === 'banned') throw new WsException({ code: 'banned', message: 'Not you' });
        return { user: { id: token } };
      }
    }
    await using server = await serve([FeedController]);
    await using client = await server.connect('/feed');
    expect(await client.request('$auth', 'banned', 1)).toEqual({
      id: 1,
      error: { code: 'banned', message: 'Not you' },
    });
    expect(await client.request('$auth', 'ada', 2)).toEqual({ id: 2, data: null });
    expect(server.app.get(Publisher).user('ada').emit('hello')).toBe(1);
    expect(await client.next()).toEqual({ event: 'hello', data: null });
    expect(await client.request('other', null, 3)).toMatchObject({ error: { code: 'unknown_event' } });
  });

  it('may ask a service that knows the event', async () => {
    const seen: unknown[] = [];
    @Injectable()
    class Audit {
      constructor(private readonly context: EventContext) {}

      note() {
        const current = this.context.current;
        seen.push([current?.phase, current?.event]);
      }
    }
    @WebSocketRoute('/audited')
    class AuditedController {
      constructor(private readonly audit: Audit) {}

      @OnAuth()
      auth() {
        this.audit.note();
        return true;
      }

      @OnMessage('say')
      say() {}
    }
    await using server = await serve({ controllers: [AuditedController], providers: [Audit] });
    await using client = await server.connect('/audited');
    expect(await client.request('$auth', null, 1)).toEqual({ id: 1, data: null });
    expect(seen).toEqual([['message', '$auth']]);
  });

  it('is refused at start where frames have no envelope, twice, and under its event', async () => {
    @WebSocketRoute('/plain')
    class PlainController {
      @OnAuth()
      auth() {
        return true;
      }

      @OnMessage()
      say(_text: string) {}
    }
    @WebSocketRoute('/twice')
    class TwiceController {
      @OnAuth()
      first() {
        return true;
      }

      @OnAuth()
      second() {
        return true;
      }

      @OnMessage('$auth')
      third() {}
    }
    const mistakes = await mistakesOf([PlainController, TwiceController]);
    expect(mistakes).toContain('PlainController.auth(): @OnAuth() takes an envelope');
    expect(mistakes).toContain('two methods have @OnAuth(): first() and second()');
    expect(mistakes).toContain('does not start with "$"');
  });
});

function userControllers() {
  @WebSocketRoute('/chat')
  @UseGuards(byQuery)
  class ChatController {
    constructor(private readonly publisher: Publisher) {}

    @OnMessage('tell')
    tell(text: string, connection: Connection) {
      this.publisher.user('ada').except(connection).emit('told', text);
      return this.publisher.user('ada').publish(text);
    }
  }

  @WebSocketRoute('/plain')
  @UseGuards(byQuery)
  class PlainController {
    @OnMessage()
    echo(text: string) {
      return text;
    }
  }
  return [ChatController, PlainController];
}

describe('publisher.user()', () => {
  it('reaches every connection of the user, whatever its route, and nobody else', async () => {
    await using server = await serve(userControllers());
    await using chat = await server.connect('/chat?user=ada');
    await using plain = await server.connect('/plain?user=ada');
    await using other = await server.connect('/plain?user=bob');
    const ada = server.app.get(Publisher).user('ada');
    expect(ada.publish({ text: 'hi' })).toBe(2);
    expect(await chat.next()).toEqual({ text: 'hi' });
    expect(await plain.next()).toEqual({ text: 'hi' });
    other.send('last');
    expect(await other.next()).toBe('last');
  });

  it('emits where frames have an envelope', async () => {
    await using server = await serve(userControllers());
    await using chat = await server.connect('/chat?user=ada');
    await using plain = await server.connect('/plain?user=ada');
    expect(server.app.get(Publisher).user('ada').emit('told', 1)).toBe(1);
    expect(await chat.next()).toEqual({ event: 'told', data: 1 });
    plain.send('last');
    expect(await plain.next()).toBe('last');
  });

  it('may leave one connection out', async () => {
    await using server = await serve(userControllers());
    await using first = await server.connect('/chat?user=ada');
    await using second = await server.connect('/chat?user=ada');
    first.send({ event: 'tell', data: 'hi', id: 1 });
    expect(await first.take(2)).toEqual(['hi', { id: 1, data: 2 }]);
    expect(await second.take(2)).toEqual([{ event: 'told', data: 'hi' }, 'hi']);
  });

  it('tells 7 from "7", and knows nobody by an id that nobody has', async () => {
    @WebSocketRoute('/seven')
    @UseGuards(signedIn(() => ({ user: { id: 7 } })))
    class SevenController {}
    await using server = await serve([SevenController]);
    await using _client = await server.connect('/seven');
    const publisher = server.app.get(Publisher);
    expect([publisher.user(7).publish(''), publisher.user('7').publish('')]).toEqual([1, 0]);
  });

  it('follows whoever a hook says it is', async () => {
    @WebSocketRoute('/named')
    class NamedController {
      @BeforeHandle()
      before(handshake: Handshake) {
        handshake.user = { id: 'early' };
      }

      @OnOpen()
      open(connection: Connection) {
        return connection.user?.id;
      }

      @OnMessage('name')
      name(id: string, { handshake }: Connection) {
        handshake.user = id === '' ? undefined : { id };
      }
    }
    await using server = await serve([NamedController]);
    const client = await server.connect('/named');
    const publisher = server.app.get(Publisher);
    const found = () => ['early', 'late'].map(id => publisher.user(id).publish(''));
    expect(await client.next()).toEqual({ event: 'open', data: 'early' });
    expect(found()).toEqual([1, 0]);
    await client.request('name', 'late', 1);
    expect(found()).toEqual([0, 1]);
    await client.request('name', '', 2);
    expect(usersOf(server)).toBe(0);
    await client.close();
  });

  it('leaves nothing behind of users that are gone', async () => {
    const stage = new Stage();
    await using server = await serve([authController(stage)]);
    const clients = await Promise.all(
      Array.from({ length: 20 }, (_, at) => server.connect(`/desk?user=${at % 5}`)),
    );
    expect(usersOf(server)).toBe(5);
    await Promise.all(clients.map(client => client.close()));
    await until(() => stage.events.length === 20, 'every @OnClose');
    expect(usersOf(server)).toBe(0);
  });
});

describe('app.disconnectUser()', () => {
  it('closes every connection of the user with 4401', async () => {
    await using server = await serve(userControllers());
    const clients = await Promise.all(
      ['/chat?user=ada', '/plain?user=ada', '/chat?user=ada'].map(path => server.connect(path)),
    );
    await using other = await server.connect('/plain?user=bob');
    expect(server.app.disconnectUser('ada')).toBe(3);
    for (const client of clients) expect(await client.closed()).toEqual({ code: 4401, reason: 'signed out' });
    other.send('still');
    expect(await other.next()).toBe('still');
    expect(server.app.disconnectUser('ada')).toBe(0);
  });

  it('takes a code and a reason, and forgets what waits for its handler', async () => {
    const stage = new Stage();
    await using server = await serve([authController(stage)]);
    await using client = await server.connect('/desk?user=ada');
    for (const data of ['a', 'b']) client.send({ event: 'work', data });
    await stage.reached('start a');
    await client.request('$auth', { user: 'ada' }, 1);
    expect(server.app.disconnectUser('ada', { code: 4403, reason: 'banned' })).toBe(1);
    expect(await client.closed()).toEqual({ code: 4403, reason: 'banned' });
    stage.finish('a', 'b');
    await stage.reached('closed');
    expect(stage.events).not.toContain('start b');
  });

  it.each([
    [4401, 401, 'unauthenticated'],
    [4403, 403, 'forbidden'],
    [4000, 401, 'unauthenticated'],
  ])('with %i refuses an upgrade that is past its guard with %i %s', async (code, status, refusal) => {
    const { Controller, stage } = slowUpgrades();
    await using server = await serve([Controller]);
    const upgrades = ['ada', 'bob'].map(user => rawUpgrade(`${server.url}/slow?user=${user}`));
    await Promise.all([stage.reached('start ada'), stage.reached('start bob')]);
    expect(server.app.disconnectUser('ada', { code })).toBe(0);
    stage.finish('ada', 'bob');
    const [ada, bob] = await Promise.all(upgrades);
    expect(ada?.status).toBe(status);
    expect(ada?.json()).toMatchObject({ statusCode: status, code: refusal });
    expect(bob?.status).toBe(101);
    expect(server.app.get(Publisher).users.upgrades.size).toBe(0);
  });

  it('leaves an upgrade that comes later alone, and the one that it excepts', async () => {
    const { Controller, stage } = slowUpgrades(({ handshake, publisher }) =>
      publisher.user('ada').except(handshake).close(),
    );
    await using server = await serve([Controller]);
    stage.finish('ada');
    const first = await server.connect('/slow?user=ada');
    await using second = await server.connect('/slow?user=ada');
    expect(await first.closed()).toEqual({ code: 4401, reason: 'signed out' });
    expect(second.socket.readyState).toBe(WebSocket.OPEN);
  });

  /** Whose `@BeforeHandle` waits for its user's turn, and then does something. */
  function slowUpgrades(
    then: (parts: { readonly handshake: Handshake; readonly publisher: Publisher }) => void = () => {},
  ) {
    const stage = new Stage();
    @WebSocketRoute('/slow')
    @UseGuards(byQuery)
    class SlowController {
      constructor(private readonly publisher: Publisher) {}

      @BeforeHandle()
      async before(handshake: Handshake) {
        const name = String(handshake.user?.id);
        await stage.run(name);
        then({ handshake, publisher: this.publisher });
      }
    }
    return { Controller: SlowController, stage };
  }

  it('throws for a code that must not be sent, whoever is connected', async () => {
    await using server = await serve(userControllers());
    expect(() => server.app.disconnectUser('nobody', { code: 1006 })).toThrow(RangeError);
  });
});
