import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Inject, Injectable } from '../../../lib/decorators/injectable.ts';
import { Module } from '../../../lib/decorators/module.ts';
import { ConfigurationError } from '../../../lib/errors.ts';
import type { Container } from '../../../lib/injection/container.ts';
import { INQUIRER, REQUEST, Scope } from '../../../lib/injection/scope.ts';
import { mistakesOf, startContainer } from './start-container.ts';

class Handshake {
  constructor(readonly path = '/') {}
}

@Injectable()
class Db {}

@Injectable({ scope: Scope.CONNECTION })
class Session {
  readonly closed: string[] = [];
  constructor(
    readonly handshake: Handshake,
    readonly db: Db,
  ) {}
}

@Injectable({ scope: Scope.CONNECTION })
class ChatController {
  constructor(readonly session: Session) {}
}

@Module({ controllers: [ChatController], providers: [Session, Db] })
class AppModule {}

const scopeTokens = [Handshake];

function rootOf(container: Container) {
  return container.modules[0] as Container['modules'][number];
}

describe('Scope', () => {
  it("has NestJS's values, and CONNECTION is REQUEST", () => {
    expect([Scope.DEFAULT, Scope.TRANSIENT, Scope.REQUEST, Scope.CONNECTION]).toEqual([0, 1, 2, 2]);
  });
});

describe('a transient provider', () => {
  @Injectable({ scope: Scope.TRANSIENT })
  class Logger {
    constructor(@Inject(INQUIRER) readonly parent: object) {}
  }
  @Injectable()
  class Users {
    constructor(readonly logger: Logger) {}
  }
  @Injectable()
  class Rooms {
    constructor(readonly logger: Logger) {}
  }
  @Module({ providers: [Logger, Users, Rooms, { provide: 'LOGGER', useExisting: Logger }] })
  class LogModule {}

  it('is made for each class that injects it, which it can inject as INQUIRER', async () => {
    const container = await startContainer(LogModule);
    const [users, rooms] = [container.get(Users), container.get(Rooms)];
    expect(users.logger).not.toBe(rooms.logger);
    expect(users.logger.parent).toBe(users);
    expect(rooms.logger.parent.constructor).toBe(Rooms);
  });

  it('shows the class of its inquirer while that is being created', async () => {
    const seen: unknown[] = [];
    @Injectable({ scope: Scope.TRANSIENT })
    class Early {
      constructor(@Inject(INQUIRER) parent: object) {
        seen.push(parent.constructor, parent instanceof Owner);
      }
    }
    @Injectable()
    class Owner {
      constructor(readonly early: Early) {}
    }
    @Module({ providers: [Early, Owner] })
    class EarlyModule {}

    await startContainer(EarlyModule);
    expect(seen).toEqual([Owner, true]);
  });

  it('is got with resolve(), a new one each time', async () => {
    const container = await startContainer(LogModule);
    expect(() => container.get(Logger)).toThrow(
      'Logger has an instance for each class that injects it: get one with resolve()',
    );
    expect(await container.resolve(Logger)).not.toBe(await container.resolve(Logger));
    expect(await container.resolve('LOGGER')).toBeInstanceOf(Logger);
    expect(await container.resolve(Users)).toBe(container.get(Users));
  });
});

describe('a connection-scoped provider', () => {
  it('has one instance per connection, with the values of that connection', async () => {
    const container = await startContainer(AppModule, { scopeTokens });
    const root = rootOf(container);
    const handshake = new Handshake('/chat');
    const scope = container.createScope(new Map([[Handshake, handshake]]));
    const controller = scope.get(ChatController, root) as ChatController;

    expect(controller).toBeInstanceOf(ChatController);
    expect(scope.get(ChatController, root)).toBe(controller);
    expect(scope.get(Session, root)).toBe(controller.session);
    expect(controller.session.handshake).toBe(handshake);
    expect(controller.session.db).toBe(container.get(Db));
    expect(scope.get(Db, root)).toBe(container.get(Db));

    const other = container.createScope(new Map([[Handshake, new Handshake()]]));
    expect(other.get(ChatController, root)).not.toBe(controller);
  });

  it('is known before there is one', async () => {
    const container = await startContainer(AppModule, { scopeTokens });
    expect(container.isConnectionScoped(ChatController, rootOf(container))).toBe(true);
    expect(container.isConnectionScoped(Db, rootOf(container))).toBe(false);
    expect(() => container.get(Session)).toThrow(
      'Session has an instance for each connection: get one with resolve()',
    );
  });

  it('is a promise while something asynchronous is needed, once for all that need it', async () => {
    let calls = 0;
    const useFactory = async (path: string) => {
      calls += 1;
      return `user of ${path}`;
    };
    @Injectable({ scope: Scope.REQUEST })
    class Greeter {
      constructor(@Inject('USER') readonly user: string) {}
    }
    @Module({
      controllers: [Greeter],
      providers: [{ provide: 'USER', useFactory, inject: [REQUEST], scope: Scope.REQUEST }],
    })
    class GreetModule {}

    const container = await startContainer(GreetModule);
    const scope = container.createScope(new Map([[REQUEST, '/hello']]));
    const [greeter, again] = [scope.get(Greeter, rootOf(container)), scope.get(Greeter, rootOf(container))];
    expect(greeter).toBeInstanceOf(Promise);
    expect((await greeter).user).toBe('user of /hello');
    expect(await again).toBe(await greeter);
    expect(calls).toBe(1);
  });

  it('fails alone, with what its constructor threw, also later', async () => {
    const refused = new Error('no ticket');
    @Injectable({ scope: Scope.CONNECTION })
    class Ticket {
      constructor() {
        throw refused;
      }
    }
    @Module({ controllers: [Ticket] })
    class TicketModule {}

    const container = await startContainer(TicketModule);
    const scope = container.createScope();
    expect(() => scope.get(Ticket, rootOf(container))).toThrow(refused);
    expect(() => scope.get(Ticket, rootOf(container))).toThrow(refused);
    expect(scope.get(TicketModule, rootOf(container))).toBeInstanceOf(TicketModule);
    expect(await scope.dispose()).toEqual([]);
  });

  it('is transient too where a transient one needs it', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Log {
      constructor(readonly session: Session) {}
    }
    @Injectable({ scope: Scope.CONNECTION })
    class Controller {
      constructor(
        readonly first: Log,
        @Inject(Log) readonly second: Log,
      ) {}
    }
    @Module({ controllers: [Controller], providers: [Log, Session, Db] })
    class LogModule {}

    const container = await startContainer(LogModule, { scopeTokens });
    const scope = container.createScope(new Map([[Handshake, new Handshake()]]));
    const { first, second } = (await scope.get(Controller, rootOf(container))) as Controller;
    expect(first).not.toBe(second);
    expect(first.session).toBe(second.session);
    expect(container.isConnectionScoped(Log, rootOf(container))).toBe(true);
  });
});

describe("a connection's scope", () => {
  it('is disposed in the reverse order of creation, and hands back what failed', async () => {
    const log: string[] = [];
    const failure = new Error('close failed');
    @Injectable()
    class Pool {
      [Symbol.dispose](): void {
        log.push('pool disposed');
      }
    }
    @Injectable({ scope: Scope.CONNECTION })
    class Cursor {
      async [Symbol.asyncDispose](): Promise<void> {
        log.push('cursor disposed');
      }
    }
    @Injectable({ scope: Scope.CONNECTION })
    class Presence {
      constructor(readonly cursor: Cursor) {}
      onConnectionClose(): void {
        log.push('presence closed');
        throw failure;
      }
      [Symbol.dispose](): void {
        log.push('presence disposed');
      }
    }
    @Injectable({ scope: Scope.CONNECTION })
    class Room {
      constructor(
        readonly presence: Presence,
        readonly pool: Pool,
      ) {}
      onConnectionClose(): void {
        log.push('room closed');
      }
    }
    const shared = {
      provide: 'pool',
      useFactory: (pool: Pool) => pool,
      inject: [Pool],
      scope: Scope.CONNECTION,
    };
    @Module({ controllers: [Room], providers: [Presence, Cursor, Pool, shared] })
    class RoomModule {}

    const container = await startContainer(RoomModule);
    const scope = container.createScope();
    scope.get(Room, rootOf(container));
    expect(scope.get('pool', rootOf(container))).toBe(container.get(Pool));
    expect(await scope.dispose()).toEqual([failure]);
    expect(log).toEqual(['room closed', 'presence closed', 'presence disposed', 'cursor disposed']);
    expect(await scope.dispose()).toEqual([failure]);
    expect(log).toHaveLength(4);
    expect(() => scope.get(Room, rootOf(container))).toThrow("The connection's scope is disposed");
  });

  it('waits for what is on its way before it disposes it', async () => {
    const release = Promise.withResolvers<{ onConnectionClose(): void }>();
    const log: string[] = [];
    @Module({ providers: [{ provide: 'lease', useFactory: () => release.promise, scope: Scope.CONNECTION }] })
    class LeaseModule {}

    const container = await startContainer(LeaseModule);
    const scope = container.createScope();
    const lease = scope.get('lease', rootOf(container));
    const disposed = scope.dispose();
    release.resolve({ onConnectionClose: () => void log.push('released') });
    expect(await disposed).toEqual([]);
    expect(log).toEqual(['released']);
    await lease;
  });
});

describe('a singleton that depends on a connection', () => {
  @Injectable()
  class ChatService {
    constructor(readonly session: Session) {}
  }
  @Injectable()
  class Lobby {
    constructor(readonly chat: ChatService) {}
  }

  it('is a configuration error that names the chain', async () => {
    @Module({ controllers: [Lobby], providers: [ChatService, Session, Db] })
    class LobbyModule {}

    expect(new ConfigurationError(await mistakesOf(LobbyModule, { scopeTokens })).message).toBe(
      "ChatService constructor parameter 0: a singleton can't depend on Session, which exists once per connection (LobbyModule → Lobby → ChatService → Session). Decorate ChatService with @Injectable({ scope: Scope.CONNECTION }), or pass it what it needs of a connection as an argument [GATEWIRE_SCOPE_MISMATCH]",
    );
  });

  it('may do so through transient ones and aliases, or be a controller that takes a value of it', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Log {
      constructor(@Inject('SESSION') readonly session: Session) {}
    }
    @Injectable()
    class Users {
      constructor(readonly log: Log) {}
    }
    @Injectable()
    class Controller {
      constructor(readonly handshake: Handshake) {}
    }
    @Module({
      controllers: [Controller],
      providers: [Users, Log, Session, Db, { provide: 'SESSION', useExisting: Session }],
    })
    class LogModule {}

    const mistakes = await mistakesOf(LogModule, { scopeTokens });
    expect(mistakes.map(({ what }) => what)).toEqual([
      "a singleton can't depend on Handshake, which exists once per connection (LogModule → Controller → Handshake)",
      'a singleton can\'t depend on Session, which exists once per connection (LogModule → Users → Log → "SESSION" → Session)',
    ]);
  });

  it('cannot know its inquirer either', async () => {
    @Injectable()
    class Nosy {
      constructor(@Inject(INQUIRER) readonly parent: object) {}
    }
    @Module({ providers: [Nosy] })
    class NosyModule {}

    expect(new ConfigurationError(await mistakesOf(NosyModule)).message).toBe(
      'Nosy constructor parameter 0: INQUIRER is for transient providers: this one serves many classes. Decorate Nosy with @Injectable({ scope: Scope.TRANSIENT }) [GATEWIRE_SCOPE_MISMATCH]',
    );
  });
});
