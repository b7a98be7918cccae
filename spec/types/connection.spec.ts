import { IsString } from 'class-validator';
import {
  BeforeHandle,
  Connection,
  type ConnectionData,
  Emits,
  type EventsOf,
  Handshake,
  OnMessage,
  OnOpen,
  type Publisher,
  type SendStatus,
  WebSocketRoute,
} from 'gatewire';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

class Message {
  @IsString()
  text!: string;
}

interface Session {
  user: string;
  visits: number;
}

/** Names a value of a type, for expressions that only the compiler looks at. */
declare const given: {
  connection: Connection<Session>;
  bare: Connection;
  handshake: Handshake<Session>;
  publisher: Publisher;
};
/** What is only compiled: nothing of it runs. */
const compiled = (_what: () => unknown) => {};

describe('Connection<Data>', () => {
  it('types data, and the handshake', () => {
    expectTypeOf<Connection<Session>['data']>().toEqualTypeOf<Session>();
    expectTypeOf<Connection<Session>['handshake']>().toEqualTypeOf<Handshake<Session>>();
    compiled(() => given.connection.data.visits++);
    compiled(() => {
      given.connection.data = { user: 'ada', visits: 1 };
    });
    // @ts-expect-error
    compiled(() => given.connection.data.other);
    compiled(() => {
      // @ts-expect-error
      given.connection.data = { user: 'ada' };
    });
  });

  it('has a record of anything where nothing is said, so that a typed one is one too', () => {
    expectTypeOf<Connection['data']>().toEqualTypeOf<ConnectionData>();
    compiled(() => {
      given.bare.data.anything = 1;
    });
  });

  it('of an interface passes where a bare Connection is asked for', () => {
    interface Seat {
      room: string;
    }
    expectTypeOf<Connection<Seat, { said: string }>>().toExtend<Connection>();
    expectTypeOf<Handshake<Seat>>().toExtend<Handshake>();
  });

  it('takes objects only', () => {
    // @ts-expect-error
    type Text = Connection<string>;
    expectTypeOf<Text>().not.toBeAny();
  });

  it('is the same type in every hook, and is reflected as Connection', () => {
    @WebSocketRoute('/')
    class SessionController {
      @BeforeHandle()
      before(handshake: Handshake<Session>) {
        handshake.data = { user: 'ada', visits: 0 };
      }

      @OnOpen()
      open(connection: Connection<Session>) {
        expectTypeOf(connection.data.user).toBeString();
      }
    }
    expectTypeOf(SessionController.prototype.open).parameters.toEqualTypeOf<[Connection<Session>]>();
  });

  it('types what its methods give', () => {
    expectTypeOf<Connection['send']>().returns.toEqualTypeOf<SendStatus>();
    expectTypeOf<SendStatus>().toEqualTypeOf<'sent' | 'queued' | 'dropped'>();
    expectTypeOf<Connection['subscriptions']>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<Connection['readyState']>().toEqualTypeOf<0 | 1 | 2 | 3>();
    compiled(() => expectTypeOf(given.bare.request('ask')).resolves.toBeUnknown());
    compiled(() => expectTypeOf(given.bare.request<Message>('ask')).resolves.toEqualTypeOf<Message>());
    compiled(() => expectTypeOf(given.bare.cork(() => 5)).toBeNumber());
  });

  it('is read-only where changing it would mean nothing', () => {
    compiled(() => {
      // @ts-expect-error
      given.bare.id = 'other';
    });
    compiled(() => {
      // @ts-expect-error
      given.bare.handshake = given.handshake;
    });
  });

  it('is taken as Connection<object, object> by what takes any connection', () => {
    expectTypeOf<Connection<Session>>().toExtend<Connection<object, object>>();
    expectTypeOf<Connection<Session, { say: Message }>>().toExtend<Connection<object, object>>();
    expectTypeOf<Connection>().toExtend<Connection<object, object>>();
  });
});

describe('Handshake<Data>', () => {
  it('types data and the raw slots', () => {
    expectTypeOf<Handshake<Session>['data']>().toEqualTypeOf<Session>();
    expectTypeOf<Handshake['params']>().toEqualTypeOf<Record<string, string>>();
    expectTypeOf<Handshake['cookies']>().toEqualTypeOf<Record<string, string>>();
    expectTypeOf<Handshake['headers']>().toEqualTypeOf<Record<string, string>>();
    expectTypeOf<Handshake['query']>().toEqualTypeOf<Record<string, string | string[]>>();
    expectTypeOf<Handshake['request']>().toEqualTypeOf<Request>();
    expectTypeOf<Handshake['subprotocol']>().toEqualTypeOf<string | undefined>();
    // @ts-expect-error
    compiled(() => given.handshake.data.other);
  });
});

describe('Connection<Data, Events>', () => {
  const events = { say: Message, history: () => [Message] as const, count: z.string().transform(Number) };
  type Events = EventsOf<typeof events>;
  type Room = Connection<Session, Events>;

  it('has the data of each event from EventsOf', () => {
    expectTypeOf<Events>().toEqualTypeOf<{
      say: Message;
      history: readonly Message[];
      count: string;
    }>();
  });

  it('types emit, to everyone and to a topic', () => {
    @WebSocketRoute('/')
    @Emits(events)
    class RoomController {
      @OnMessage('*')
      say(connection: Room) {
        connection.emit('say', { text: 'hi' });
        connection.emit('history', [{ text: 'hi' }]);
        connection.emit('count', '5');
        connection.to('room').emit('say', { text: 'hi' });
        // @ts-expect-error
        connection.emit('say', { text: 5 });
        // @ts-expect-error
        connection.emit('history', { text: 'hi' });
        // @ts-expect-error
        connection.emit('count', 5);
        // @ts-expect-error
        connection.emit('other', { text: 'hi' });
        // @ts-expect-error
        connection.to('room').emit('say', { txt: 'hi' });
        // @ts-expect-error
        connection.to('room').emit('other');
      }
    }
    expectTypeOf<Parameters<RoomController['say']>>().toEqualTypeOf<[Room]>();
  });

  it('lets any event pass where nothing is said', () => {
    compiled(() => given.bare.emit('anything', { at: 1 }));
    compiled(() => given.publisher.to('room').emit('anything', { at: 1 }));
    compiled(() => given.publisher.to('room').except(given.bare).emit('anything'));
  });
});
