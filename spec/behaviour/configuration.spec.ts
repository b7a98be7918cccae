import { IsString, ValidateNested } from 'class-validator';
import {
  BeforeHandle,
  CloseCode,
  ConfigurationError,
  ConnectedSocket,
  Connection,
  createApplication,
  EventName,
  Injectable,
  MessageBody,
  Module,
  OnClose,
  OnMessage,
  OnOpen,
  Param,
  Query,
  Returns,
  WebSocketRoute,
} from 'gatewire';
import { describe, expect, it } from 'vitest';
import { mistakesOf } from '../support/application.ts';

/** A controller at a path that does nothing else. */
function controllerAt(path: string, name: string) {
  const controller = { [name]: class {} }[name] as new () => object;
  WebSocketRoute(path)(controller);
  return controller;
}

interface Shape {
  text: string;
}

class Text {
  @IsString() text!: string;
}

/** The lines at which controllers were decorated, without their numbers; those of one function are the same. */
function withoutLines(mistakes: string): string {
  return mistakes.replace(/\(got (\S+?):\d+(?: and \1:\d+)?\)/, '(got $1)');
}

describe('two controllers', () => {
  it('cannot have one path', async () => {
    const controllers = [controllerAt('/chat', 'ChatController'), controllerAt('/chat', 'RoomController')];
    expect(withoutLines(await mistakesOf(controllers))).toBe(
      'RoomController: its path "/chat" is the path of ChatController too (got spec/behaviour/configuration.spec.ts). ' +
        'Change one of the two paths, or put the handlers into one controller [GATEWIRE_DUPLICATE_PATH]',
    );
  });

  it.each([
    ['/a/:x', '/a/:y', '/a/…'],
    ['/a/:x?', '/a', '/a'],
    ['/a', '/a/:x?', '/a'],
    ['/a/:x/:y?', '/a/:z', '/a/…'],
    ['/a/:x?', '/a/:y?', '/a/…'],
    ['/chat', '/chat/', '/chat'],
    ['/:x?', '/', '/'],
  ])('at %s and %s cannot be told apart', async (first, second, both) => {
    const controllers = [controllerAt(first, 'First'), controllerAt(second, 'Second')];
    expect(withoutLines(await mistakesOf(controllers))).toBe(
      `Second: its path "${second}" and "${first}" of First both match "${both}" (got spec/behaviour/configuration.spec.ts). ` +
        'Change one of the two paths, or put the handlers into one controller [GATEWIRE_DUPLICATE_PATH]',
    );
  });

  it.each([
    ['/a/b/:x?', '/a/:y/:z'],
    ['/a/*', '/a/:x'],
    ['/a/b', '/a/:x'],
  ])('at %s and %s are told apart by precedence', async (first, second) => {
    @Module({ controllers: [controllerAt(first, 'First'), controllerAt(second, 'Second')] })
    class AppModule {}
    expect((await createApplication(AppModule)).routes).toHaveLength(2);
  });

  it('cannot share the path that one inherits from the other', async () => {
    @WebSocketRoute('/chat')
    class ChatController {}
    class LoudController extends ChatController {}
    expect(withoutLines(await mistakesOf([ChatController, LoudController]))).toBe(
      'LoudController: its path "/chat" is the path of ChatController too (got spec/behaviour/configuration.spec.ts). ' +
        'Give LoudController a @WebSocketRoute() with a path of its own [GATEWIRE_DUPLICATE_PATH]',
    );
  });

  it('are not made of one class in two modules', async () => {
    const ChatController = controllerAt('/chat', 'ChatController');
    @Module({ controllers: [ChatController] })
    class ChatModule {}
    @Module({ imports: [ChatModule], controllers: [ChatController] })
    class AppModule {}
    expect(await mistakesOf({ imports: [AppModule] })).toBe(
      'ChatController: it is listed in the controllers of AppModule and of ChatModule. ' +
        'List it in one of them [GATEWIRE_DUPLICATE_PATH]',
    );
  });
});

describe('handlers', () => {
  it('cannot be two for one event', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage('say')
      say() {}
      @OnMessage('say')
      shout() {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController: two methods handle the event "say": say() and shout(). ' +
        'Keep one of them, or rename an event; inherited methods count [GATEWIRE_DUPLICATE_EVENT]',
    );
  });

  it('cannot be two for one event when one is inherited', async () => {
    class TalkController {
      @OnMessage('say')
      say() {}
    }
    @WebSocketRoute('/chat')
    class ChatController extends TalkController {
      @OnMessage('say')
      shout() {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController: two methods handle the event "say": say() and shout(). ' +
        'Keep one of them, or rename an event; inherited methods count [GATEWIRE_DUPLICATE_EVENT]',
    );
  });

  it('cannot be plain and named in one controller', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      echo(text: string) {
        return text;
      }
      @OnMessage('say')
      say() {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      `ChatController: @OnMessage() on echo() and @OnMessage('say') on say() cannot share a route: ` +
        'one takes whole frames, the other envelopes. ' +
        `Give both an event, or move one to a controller of its own; @OnMessage('*') takes the events ` +
        'that no other method handles [GATEWIRE_MIXED_MESSAGE_HANDLERS]',
    );
  });

  it('cannot be two for text frames', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      echo(_text: string) {}
      @OnMessage()
      parse(_body: Text) {}
      @OnMessage()
      store(_bytes: Uint8Array) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController: two @OnMessage() methods take text frames: echo() and parse(). ' +
        'Keep one for text and one for binary frames (its body is a Uint8Array), or name events: ' +
        `@OnMessage('say') [GATEWIRE_DUPLICATE_MESSAGE_HANDLER]`,
    );
  });

  it('cannot be two for binary frames', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      store(_bytes: Uint8Array) {}
      @OnMessage()
      keep(_bytes: Buffer) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController: two @OnMessage() methods take binary frames: store() and keep(). ' +
        'Keep one for text and one for binary frames (its body is a Uint8Array), or name events: ' +
        `@OnMessage('say') [GATEWIRE_DUPLICATE_MESSAGE_HANDLER]`,
    );
  });

  it('cannot be two for one hook of the connection', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnOpen()
      greet() {}
      @OnOpen()
      join() {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController: two methods have @OnOpen(): greet() and join(). ' +
        'Keep one of them, and let it call the other; inherited methods count [GATEWIRE_DUPLICATE_HOOK]',
    );
  });

  it.each([
    ['', '""'],
    ['$ping', '"$ping"'],
    ['e'.repeat(129), `"${'e'.repeat(129)}"`],
    [7 as unknown as string, '7'],
  ])('cannot be for the event %s', async (event, got) => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage(event)
      say() {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.say(): an event is a string of 1 to 128 characters that does not start with "$", ' +
        `which is reserved (got ${got}). ` +
        'Rename it, or use @OnMessage() without a name to take whole frames [GATEWIRE_INVALID_EVENT]',
    );
  });
});

describe('a body', () => {
  it('cannot be an interface, of which nothing is left at run time', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(_body: Shape) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage() parameter 0: no DTO class at run time (got Object). ' +
        'Use a class, import it with "import", not "import type" (which linters write: useImportType, ' +
        'consistent-type-imports), or name it: ' +
        '@MessageBody(() => CreateMessage); @MessageBody(() => Object) takes any JSON unchecked ' +
        '[GATEWIRE_UNTYPED_PARAMETER]',
    );
  });

  it('is reported once on a method that handles two events', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage('say')
      @OnMessage('shout')
      onMessage(_connection: Connection, @MessageBody() _body: Shape) {}
    }
    expect(await mistakesOf([ChatController])).toMatch(
      /^ChatController\.onMessage\(\) parameter 1: no DTO class at run time \(got Object\)\. .*\]$/,
    );
  });

  it('cannot be a list whose items are not named', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(_bodies: Text[]) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage() parameter 0: what the list holds is not known at run time (got Array). ' +
        'Name the class of its items: @MessageBody(() => [Item]), or pass a Standard Schema ' +
        '[GATEWIRE_UNTYPED_PARAMETER]',
    );
  });

  it('cannot be of a platform class that JSON does not hold', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(_body: Map<string, string>) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage() parameter 0: a message cannot be decoded to this type (got Map). ' +
        'Take a DTO class, string, number, boolean or Uint8Array, or pass a Standard Schema that makes ' +
        'the value [GATEWIRE_UNTYPED_PARAMETER]',
    );
  });

  it.each([
    [() => [String], '[String]'],
    [() => [], '[]'],
    [() => [Text, Text], '[Text, Text]'],
    [new (class ValidationPipe {})(), 'an instance of ValidationPipe'],
  ])('cannot be declared as %s', async (type, got) => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(@MessageBody(type as never) _body: unknown) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage() parameter 0: @MessageBody() is given what is no DTO class, ' +
        `no list of one and no Standard Schema (got ${got}). ` +
        'Pass @MessageBody(() => CreateMessage), @MessageBody(() => [Item]) or a Standard Schema; ' +
        '@MessageBody(() => Object) takes any JSON unchecked [GATEWIRE_UNTYPED_PARAMETER]',
    );
  });

  it('cannot be a class without validation decorators', async () => {
    class Say {
      text!: string;
    }
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(_body: Say) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage(): Say has no validation decorators, so none of its properties would be ' +
        'let through. Decorate the properties of Say with class-validator: @IsString(), @IsInt(), …, ' +
        'or @Allow() [GATEWIRE_UNDECORATED_DTO]',
    );
  });

  it('cannot hold a nested list without @Type', async () => {
    class Order {
      @ValidateNested({ each: true }) items!: Text[];
    }
    @WebSocketRoute('/orders')
    class OrderController {
      @OnMessage()
      onMessage(_body: Order) {}
    }
    expect(await mistakesOf([OrderController])).toBe(
      'OrderController.onMessage(): Order: items: Item[] needs @Type(() => Item). ' +
        'Add @Type(() => Item) from class-transformer, naming the class of an element [GATEWIRE_INVALID_DTO]',
    );
  });

  it('cannot be taken whole by two parameters', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(@MessageBody() _first: Text, _second: Text) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage(): 2 parameters take the whole message. ' +
        `Keep one, or take properties of it by key: @MessageBody('text') [GATEWIRE_TWO_BODIES]`,
    );
  });
});

describe('an option of a route', () => {
  it('that does not exist is reported with the name it was near', async () => {
    @WebSocketRoute('/chat', { idelTimeout: 60 } as object)
    class ChatController {}
    expect(await mistakesOf([ChatController])).toMatch(
      /^ChatController: there is no option "idelTimeout"\. Did you mean "idleTimeout"\? The options are concurrency, .* \[GATEWIRE_UNKNOWN_OPTION\]$/,
    );
  });

  const SECONDS = 'a whole number of seconds from 0 to 960';
  const BYTES = 'a whole number of bytes from 1 to 4294967295';
  const ORIGINS = `'same', 'any' or a list such as ['https://app.example.com', 'https://*.example.com']`;
  it.each([
    ['idleTimeout', 961, '961', SECONDS],
    ['idleTimeout', -1, '-1', SECONDS],
    ['idleTimeout', '120', '"120"', SECONDS],
    ['maxPayloadLength', '1mb', '"1mb"', BYTES],
    ['maxPayloadLength', Number.NaN, 'NaN', BYTES],
    ['concurrency', 0, '0', 'a whole number from 1 to 65536'],
    ['publishToSelf', 'yes', '"yes"', 'true or false'],
    ['origins', ['*.com'], '["*.com"]', ORIGINS],
    ['origins', ['https://*.com'], '["https://*.com"]', ORIGINS],
    ['origins', ['https://a.example/'], '["https://a.example/"]', ORIGINS],
    ['origins', '*', '"*"', ORIGINS],
    ['origins', () => true, 'a function', ORIGINS],
    ['subprotocols', ['a', 'a'], '["a","a"]', 'a list of distinct HTTP tokens'],
    ['subprotocols', ['a b'], '["a b"]', 'a list of distinct HTTP tokens'],
    ['subprotocols', 'json', '"json"', 'a list of distinct HTTP tokens'],
  ])('%s cannot be %s', async (name, value, got, range) => {
    @WebSocketRoute('/chat', { [name]: value })
    class ChatController {}
    expect(await mistakesOf([ChatController])).toBe(
      `ChatController: option "${name}" has a value it cannot take (got ${got}). ` +
        `Give it ${range} [GATEWIRE_OPTION_RANGE]`,
    );
  });

  it('is checked where it is a default for all routes', async () => {
    const websocket = { idleTimeout: 961 };
    expect(await mistakesOf([controllerAt('/chat', 'ChatController')], { websocket })).toBe(
      'createApplication() option "websocket": option "idleTimeout" has a value it cannot take (got 961). ' +
        `Give it ${SECONDS} [GATEWIRE_OPTION_RANGE]`,
    );
  });

  it('is checked where a factory makes it', async () => {
    @WebSocketRoute('/chat', { useFactory: () => ({ idleTimeout: 961 }) })
    class ChatController {}
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController: option "idleTimeout" has a value it cannot take (got 961). ' +
        `Give it ${SECONDS} [GATEWIRE_OPTION_RANGE]`,
    );
  });

  it('is reported where its factory fails, or cannot be given what it asks for', async () => {
    const fail = () => {
      throw new Error('no file');
    };
    @WebSocketRoute('/chat', { useFactory: fail })
    class ChatController {}
    @WebSocketRoute('/rooms', { useFactory: () => ({}), inject: ['LIMITS'] })
    class RoomController {}
    expect(await mistakesOf([ChatController, RoomController])).toBe(
      '2 configuration mistakes\n' +
        '  1. ChatController options: their useFactory failed (got Error: no file). ' +
        'Correct the factory, or what it needs from outside [GATEWIRE_PROVIDER_FAILED]\n' +
        '  2. RoomController options inject[0]: what the useFactory asks for cannot be given ' +
        '(got "LIMITS" is not available in SpecModule). ' +
        'Add it to the providers of SpecModule, or import a module that exports it [GATEWIRE_MISSING_PROVIDER]',
    );
  });

  it('comes in an object', async () => {
    @WebSocketRoute('/chat', 60 as never)
    class ChatController {}
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController: the options are no object (got 60). ' +
        'Pass an object of options by name [GATEWIRE_OPTION_RANGE]',
    );
  });
});

describe('options that contradict each other', () => {
  it('are reported on one route', async () => {
    @WebSocketRoute('/chat', { slowConsumer: 'drop', closeOnBackpressureLimit: true })
    class ChatController {}
    expect(await mistakesOf([ChatController])).toBe(
      `ChatController: closeOnBackpressureLimit: true says slowConsumer: 'close' (got slowConsumer: 'drop'). ` +
        'Keep one of the two [GATEWIRE_OPTION_CONFLICT]',
    );
  });

  it('are reported between routes', async () => {
    @WebSocketRoute('/chat', { perMessageDeflate: true })
    class ChatController {}
    @WebSocketRoute('/rooms', { perMessageDeflate: { compress: 'shared' } })
    class RoomController {}
    expect(await mistakesOf([ChatController, RoomController])).toBe(
      'RoomController: its perMessageDeflate differs from that of ChatController, and Bun knows one for all ' +
        'routes of a server that compress (got {"compress":"shared"} and true). ' +
        'Give both the same setting, or false to the one that need not compress [GATEWIRE_OPTION_CONFLICT]',
    );
  });
});

describe('an option of the application', () => {
  it('that does not exist is reported with the name it was near', async () => {
    const options = { websockets: { idleTimeout: 60 } } as object;
    expect(await mistakesOf([], options)).toMatch(
      /^createApplication\(\): there is no option "websockets"\. Did you mean "websocket"\? The options are origins, websocket, .* \[GATEWIRE_UNKNOWN_OPTION\]$/,
    );
  });

  it('that is one of routes is sent there', async () => {
    expect(await mistakesOf([], { idleTimeout: 60 } as object)).toBe(
      'createApplication(): "idleTimeout" is an option of routes. Put it into "websocket", for every route, ' +
        'or into the @WebSocketRoute() of one [GATEWIRE_UNKNOWN_OPTION]',
    );
  });

  it('that the validation does not know is reported', async () => {
    expect(await mistakesOf([], { validation: { whiteList: true } as object })).toMatch(
      /^createApplication\(\) option "validation": there is no option "whiteList"\. Did you mean "whitelist"\? The options are whitelist, .* \[GATEWIRE_UNKNOWN_OPTION\]$/,
    );
  });
});

describe('a dependency', () => {
  it('that nobody provides is reported with the chain that leads to it', async () => {
    class Db {}
    @Injectable()
    class ChatService {
      constructor(readonly db: Db) {}
    }
    @WebSocketRoute('/chat')
    class ChatController {
      constructor(readonly service: ChatService) {}
    }
    @Module({ controllers: [ChatController], providers: [ChatService] })
    class AppModule {}
    expect(await mistakesOf({ imports: [AppModule] })).toBe(
      `ChatService constructor parameter 0: can't resolve dependencies of ChatService (?): argument Db at ` +
        'index [0] is not available in AppModule (AppModule → ChatController → ChatService → Db(?)). ' +
        'Add Db to the providers of AppModule, or import a module that exports it [GATEWIRE_MISSING_PROVIDER]',
    );
  });

  it('of a controller cannot be an interface', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      constructor(readonly store: Shape) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController constructor parameter 0: its type is not a class that can be injected (got Object). ' +
        'Import the class with "import", not "import type", or name a token with @Inject(TOKEN); ' +
        'where its file and this one import each other, use @Inject(forwardRef(() => TheClass)) ' +
        '[GATEWIRE_UNTYPED_PARAMETER]',
    );
  });

  it('cannot go round in a circle', async () => {
    class ChatService {
      constructor(readonly users: unknown) {}
    }
    @Injectable()
    class UserService {
      constructor(readonly chat: ChatService) {}
    }
    @WebSocketRoute('/chat')
    class ChatController {
      constructor(readonly service: ChatService) {}
    }
    const chat = {
      provide: ChatService,
      useFactory: (users: UserService) => new ChatService(users),
      inject: [UserService],
    };
    expect(await mistakesOf({ controllers: [ChatController], providers: [chat, UserService] })).toBe(
      'ChatService: circular dependency ChatService → UserService → ChatService. ' +
        'Use forwardRef(() => UserService) on both sides, or move what they share into a third provider ' +
        '[GATEWIRE_CIRCULAR_DEPENDENCY]',
    );
  });

  it('that throws when it is made is reported', async () => {
    @Injectable()
    class ChatService {
      constructor() {
        throw new Error('no database');
      }
    }
    const broken = { provide: 'CONFIG', useFactory: () => Promise.reject(new TypeError('no file')) };
    expect(await mistakesOf({ providers: [ChatService, broken] })).toBe(
      '2 configuration mistakes\n' +
        '  1. ChatService in SpecModule: its constructor threw (got Error: no database). ' +
        'Correct the constructor [GATEWIRE_PROVIDER_FAILED]\n' +
        '  2. "CONFIG" in SpecModule: its factory failed (got TypeError: no file). ' +
        'Correct the factory, or what it needs from outside [GATEWIRE_PROVIDER_FAILED]',
    );
  });
});

describe('a class', () => {
  it('in controllers needs @WebSocketRoute', async () => {
    class ChatService {}
    expect(await mistakesOf([ChatService])).toBe(
      'ChatService: it is listed in the controllers of SpecModule but has no path. ' +
        `Decorate it with @WebSocketRoute('/path'), or list it in providers instead [GATEWIRE_NOT_A_CONTROLLER]`,
    );
  });

  it('in controllers is a class', async () => {
    expect(await mistakesOf({ controllers: [undefined as never, {} as never] })).toBe(
      '2 configuration mistakes\n' +
        '  1. SpecModule controllers[0]: not a class (got undefined). ' +
        'Move what its file and this one both need into a third one: they import each other ' +
        '[GATEWIRE_INVALID_PROVIDER]\n' +
        '  2. SpecModule controllers[1]: not a class (got an object with no keys). ' +
        'List classes only; how they are made is for providers [GATEWIRE_INVALID_PROVIDER]',
    );
  });

  it('of an application needs @Module', async () => {
    class AppModule {}
    await expect(createApplication(AppModule)).rejects.toThrow(
      'root module: not a module (got AppModule). ' +
        'Decorate AppModule with @Module(), or list it in providers or controllers [GATEWIRE_INVALID_MODULE]',
    );
  });

  it('with @Module has no other keys', async () => {
    expect(await mistakesOf({ controler: [] } as object)).toBe(
      'SpecModule: @Module() has no key "controler". Did you mean "controllers"? [GATEWIRE_UNKNOWN_OPTION]',
    );
  });
});

describe('a path', () => {
  it.each([
    ['chat', 'a path starts with "/"'],
    ['', 'a path starts with "/"'],
    [undefined as never, 'a path starts with "/"', 'undefined'],
    ['/chat?room=1', 'a path has no query, fragment or white space'],
    ['/chat room', 'a path has no query, fragment or white space'],
    ['/chat//room', 'a path has no empty segment'],
    ['/files/*/list', '"*" is the last segment of a path'],
    ['/files/a*', '"*" stands alone in its segment'],
    ['/chat/:', '":" is no parameter name'],
    ['/chat/:room-id', '":room-id" is no parameter name'],
    ['/chat?', 'only a parameter can be optional'],
    ['/:x/:x', 'a parameter name stands twice in it'],
  ])('cannot be %s', async (path, reason, got = JSON.stringify(path)) => {
    expect(await mistakesOf([controllerAt(path, 'ChatController')])).toBe(
      `ChatController: ${reason} (got ${got}). ` +
        `Write it like '/chat', '/chat/:room', '/chat/:room?' or '/files/*' [GATEWIRE_INVALID_PATH]`,
    );
  });

  it('has the parameters that hooks take', async () => {
    @WebSocketRoute('/chat/:room')
    class ChatController {
      @OnOpen()
      open(@Param('rom') _room: string) {}
    }
    @WebSocketRoute('/lobby')
    class LobbyController {
      @OnOpen()
      open(@Param('room') _room: string) {}
    }
    expect(await mistakesOf([ChatController, LobbyController])).toBe(
      '2 configuration mistakes\n' +
        '  1. ChatController.open() parameter 0: "/chat/:room" has no parameter "rom". ' +
        'Did you mean "room"? The path has room [GATEWIRE_UNKNOWN_PATH_PARAMETER]\n' +
        '  2. LobbyController.open() parameter 0: "/lobby" has no parameter "room". ' +
        `Add "/:room" to the path, or take it from the query: @Query('room') ` +
        '[GATEWIRE_UNKNOWN_PATH_PARAMETER]',
    );
  });
});

describe('a parameter', () => {
  it('cannot take the close code of a message', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(@CloseCode() _code: number) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage() parameter 0: @CloseCode() has no meaning in @OnMessage(). ' +
        'Take it in @OnClose() [GATEWIRE_MISPLACED_PARAMETER]',
    );
  });

  it('cannot take a message where there is none', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnOpen()
      onOpen(@MessageBody() _body: Text, @EventName() _event: string) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      '2 configuration mistakes\n' +
        '  1. ChatController.onOpen() parameter 0: @MessageBody() has no meaning in @OnOpen(). ' +
        'Take it in @OnMessage() [GATEWIRE_MISPLACED_PARAMETER]\n' +
        '  2. ChatController.onOpen() parameter 1: @EventName() has no meaning in @OnOpen(). ' +
        'Take it in @OnMessage() or @TransformMessage() [GATEWIRE_MISPLACED_PARAMETER]',
    );
  });

  it('cannot take the connection before there is one', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @BeforeHandle()
      check(@ConnectedSocket() _connection: unknown, _same: Connection) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      '2 configuration mistakes\n' +
        '  1. ChatController.check() parameter 0: there is no Connection yet in @BeforeHandle(). ' +
        'Take it in a hook from @OnOpen() on; until then take the Handshake [GATEWIRE_MISPLACED_PARAMETER]\n' +
        '  2. ChatController.check() parameter 1: there is no Connection yet in @BeforeHandle(). ' +
        'Take it in a hook from @OnOpen() on; until then take the Handshake [GATEWIRE_MISPLACED_PARAMETER]',
    );
  });

  it('cannot take the event of a plain message', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnMessage()
      onMessage(@EventName() _event: string) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage() parameter 0: @EventName() has no meaning in @OnMessage() without an event, ' +
        `whose frames are bare. Name the event: @OnMessage('say'), or @OnMessage('*') for all of them ` +
        '[GATEWIRE_MISPLACED_PARAMETER]',
    );
  });

  it('needs a decorator or a type where the hook gives nothing', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnOpen()
      onOpen(_room: string) {}
      @OnClose()
      onClose(_code: number, _reason: string, _more: Shape) {}
    }
    const fix =
      'Decorate it (@Param(), @Query() …) or type it as Connection, Handshake or AbortSignal, imported with ' +
      '"import" [GATEWIRE_MISPLACED_PARAMETER]';
    expect(await mistakesOf([ChatController])).toBe(
      '2 configuration mistakes\n' +
        '  1. ChatController.onOpen() parameter 0: @OnOpen() gives nothing by position, ' +
        `so this parameter would get nothing (got String). ${fix}\n` +
        '  2. ChatController.onClose() parameter 2: @OnClose() gives only the close code and the reason ' +
        `by position, so this parameter would get nothing (got Object). ${fix}`,
    );
  });

  it('needs a type at the upgrade, where there is the handshake only', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @BeforeHandle()
      check(_room: string) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.check() parameter 0: @BeforeHandle() gives nothing by position, so this parameter would ' +
        'get nothing (got String). Type it as Handshake, imported with "import", and take from that what you ' +
        'need [GATEWIRE_MISPLACED_PARAMETER]',
    );
  });

  it('of the constructor or of a static method takes nothing of a connection', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      constructor(@Query('name') readonly name: string) {}
      static open(@Query('name') name: string) {
        return name;
      }
    }
    const rest =
      'Take the value in the hook method that needs it: one instance of the class serves every connection ' +
      '[GATEWIRE_MISPLACED_PARAMETER]';
    expect(await mistakesOf([ChatController])).toBe(
      '3 configuration mistakes\n' +
        '  1. ChatController constructor parameter 0: its type is not a class that can be injected (got String). ' +
        'Import the class with "import", not "import type", or name a token with @Inject(TOKEN); ' +
        'where its file and this one import each other, use @Inject(forwardRef(() => TheClass)) ' +
        '[GATEWIRE_UNTYPED_PARAMETER]\n' +
        '  2. ChatController.open() parameter 0: @Query() is for the parameters of hook methods ' +
        `(got a static method). ${rest}\n` +
        '  3. ChatController constructor parameter 0: @Query() is for the parameters of hook methods ' +
        `(got the constructor). ${rest}`,
    );
  });

  it('is decorated on hook methods only', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      onMessage(@MessageBody() body: Text) {
        return body;
      }
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.onMessage() parameter 0: it is decorated, but its method has no hook decorator, ' +
        'so nothing calls it. Decorate the method with @OnMessage(), @OnOpen() or another hook ' +
        '[GATEWIRE_MISPLACED_PARAMETER]',
    );
  });

  it.each([
    [Text, 'Text'],
    [BigInt, 'BigInt'],
    [() => [Text], '[Text]'],
  ])('of one query value cannot be %s', async (type, got) => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnOpen()
      open(@Query('filter', type as never) _filter: unknown) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.open() parameter 0: one value is a string, a number, a boolean, a Date, a list, ' +
        `or what a Standard Schema makes of it (got ${got}). ` +
        'Take one of these, or drop the key and take all values as a DTO [GATEWIRE_UNTYPED_PARAMETER]',
    );
  });

  it('of all query values cannot be a list', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnOpen()
      open(@Query(() => [Text]) _filter: unknown) {}
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.open() parameter 0: all values together are a record, a DTO, or what a Standard ' +
        'Schema makes of them (got [Text]). ' +
        'Take one of these, or a single value by its key [GATEWIRE_UNTYPED_PARAMETER]',
    );
  });
});

describe('a hook decorator', () => {
  it('is for instance methods', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @OnOpen()
      static open() {}
      @OnMessage()
      get message() {
        return 1;
      }
      @(OnClose() as PropertyDecorator)
      close = () => {};
    }
    const [title, ...lines] = (await mistakesOf([ChatController])).split('\n');
    expect(title).toBe('3 configuration mistakes');
    // tsc, Bun and oxc do not run the decorators of static members in the same order.
    expect(lines.map(line => line.slice('  1. '.length)).sort()).toEqual([
      'ChatController.close: @OnClose() is for instance methods (got a property). ' +
        'Put @OnClose() on an ordinary method [GATEWIRE_MISPLACED_DECORATOR]',
      'ChatController.message: @OnMessage() is for instance methods (got an accessor). ' +
        'Put @OnMessage() on an ordinary method [GATEWIRE_MISPLACED_DECORATOR]',
      'ChatController.open: @OnOpen() is for instance methods (got a static member). ' +
        'Put @OnOpen() on an ordinary method [GATEWIRE_MISPLACED_DECORATOR]',
    ]);
  });
});

describe('@Returns', () => {
  it('is of no use where nothing is sent', async () => {
    @WebSocketRoute('/chat')
    class ChatController {
      @BeforeHandle()
      @Returns(Text)
      before() {
        return new Text();
      }

      @OnMessage()
      @Returns(Text)
      echo() {
        return new Text();
      }
    }
    expect(await mistakesOf([ChatController])).toBe(
      'ChatController.before(): @Returns() checks what is sent, and nothing that this method returns is. ' +
        'Put it on an @OnMessage() or @OnOpen() method [GATEWIRE_MISPLACED_DECORATOR]',
    );
  });
});

describe('an application with many mistakes', () => {
  class Db {}
  @Injectable()
  class ChatService {
    constructor(readonly db: Db) {}
  }
  @WebSocketRoute('/chat/:room', { idleTimeout: 961 })
  class ChatController {
    constructor(readonly service: ChatService) {}
    @OnMessage('say')
    say(_body: Shape) {}
    @OnMessage('say')
    shout(@Param('rom') _room: string) {}
  }
  @WebSocketRoute('/chat/:name')
  class RoomController {}
  class Forgotten {}
  @Module({ controllers: [ChatController, RoomController, Forgotten], providers: [ChatService] })
  class AppModule {}

  it('reports all of them in one error', async () => {
    const failure = await createApplication(AppModule, { loger: false } as object).catch(error => error);
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(failure.code).toBe('GATEWIRE_UNKNOWN_OPTION');
    expect(
      failure.mistakes.map(({ code, where }: { code: string; where: string }) => `${where}: ${code}`),
    ).toEqual([
      'createApplication(): GATEWIRE_UNKNOWN_OPTION',
      'ChatService constructor parameter 0: GATEWIRE_MISSING_PROVIDER',
      'ChatController: GATEWIRE_OPTION_RANGE',
      'ChatController.say() parameter 0: GATEWIRE_UNTYPED_PARAMETER',
      'ChatController.shout() parameter 0: GATEWIRE_UNKNOWN_PATH_PARAMETER',
      'ChatController: GATEWIRE_DUPLICATE_EVENT',
      'Forgotten: GATEWIRE_NOT_A_CONTROLLER',
      'RoomController: GATEWIRE_DUPLICATE_PATH',
    ]);
    const [title, ...lines] = failure.message.split('\n');
    expect(title).toBe('8 configuration mistakes');
    expect(lines).toHaveLength(8);
    expect(withoutLines(lines.at(-1) ?? '')).toBe(
      '  8. RoomController: its path "/chat/:name" and "/chat/:room" of ChatController both match "/chat/…" ' +
        '(got spec/behaviour/configuration.spec.ts). ' +
        'Change one of the two paths, or put the handlers into one controller [GATEWIRE_DUPLICATE_PATH]',
    );
  });
});
