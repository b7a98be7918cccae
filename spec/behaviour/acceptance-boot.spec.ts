import { chmod, cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Boots, type Program } from '../support/boot.ts';

let boots: Boots;

beforeAll(async () => {
  boots = await Boots.open();
});
afterAll(() => boots[Symbol.asyncDispose]());

/** Programs are started side by side with other specs, each with a compiler of its own. */
const SLOWLY = { timeout: 30_000 };

const refusal = (program: Program) => boots.refusal(program);
const controllers = (names: string) => Boots.app(`controllers: [${names}]`);
const providers = (entries: string) => Boots.app(`providers: [${entries}]`);

it('a program without a mistake starts', SLOWLY, async () => {
  const source = `@WebSocketRoute('/chat') class ChatController { @OnMessage('say') say(text: string) {} }`;
  const folder = await boots.write({ source, start: controllers('ChatController') });
  expect(await boots.run(folder)).toMatchObject({ code: 0, stdout: 'listening\n' });
});

describe('two controllers of one path', () => {
  const files = {
    'chat.controller.ts': `import { OnMessage, WebSocketRoute } from 'gatewire';

@WebSocketRoute('/rooms/:name')
export class ChatController { @OnMessage() say(text: string) {} }
`,
  };
  const source = (path: string) => `import { ChatController } from './chat.controller.ts';
@WebSocketRoute('${path}')
class RoomController { @OnMessage() say(text: string) {} }`;
  const start = controllers('ChatController, RoomController');

  it('are named, with the lines where they are', SLOWLY, async () => {
    expect(await refusal({ files, source: source('/rooms/:name'), start })).toContain(
      'RoomController: its path "/rooms/:name" is the path of ChatController too ' +
        '(got chat.controller.ts:4 and main.ts:9). Change one of the two paths, or put the handlers into one controller',
    );
  });

  it('are so too where only the names of parameters differ', SLOWLY, async () => {
    expect(await refusal({ files, source: source('/rooms/:id'), start })).toContain(
      'RoomController: its path "/rooms/:id" and "/rooms/:name" of ChatController both match "/rooms/…" ' +
        '(got chat.controller.ts:4 and main.ts:9)',
    );
  });
});

describe('two handlers of one event', () => {
  it('are named, an inherited one too', SLOWLY, async () => {
    const files = {
      'base.ts': `import { OnMessage } from 'gatewire';
export class BaseController { @OnMessage('say') onSay() {} }`,
    };
    const source = `import { BaseController } from './base.ts';
@WebSocketRoute('/chat') class ChatController extends BaseController { @OnMessage('say') onSay2() {} }`;
    expect(await refusal({ files, source, start: controllers('ChatController') })).toContain(
      'ChatController: two methods handle the event "say": onSay() and onSay2(). ' +
        'Keep one of them, or rename an event; inherited methods count',
    );
  });
});

describe('a tsconfig.json', () => {
  const source = `@WebSocketRoute('/chat') class ChatController { @OnMessage('say') say(@MessageBody() text: string) {} }`;
  const program = { source, start: controllers('ChatController') };
  const fix =
    'Set "experimentalDecorators" and "emitDecoratorMetadata" to true in the tsconfig.json of the folder you start Bun in; Bun reads no other';

  it('without emitDecoratorMetadata is named', SLOWLY, async () => {
    expect(await refusal({ ...program, compilerOptions: { experimentalDecorators: true } })).toContain(
      `ChatController: no parameter types at run time (got no design:paramtypes; found HERE/tsconfig.json). ${fix}`,
    );
  });

  it.each([
    ['without either flag', {}, 'found HERE/tsconfig.json'],
    ['that is missing', null, 'found none in HERE'],
  ])('%s means decorators of the standard', SLOWLY, async (_what, compilerOptions, found) => {
    expect(await refusal({ ...program, compilerOptions })).toContain(
      'AppModule, ChatController: decorators ran in standard (TC39) mode, which has no parameter decorators and no types ' +
        `(got a context object as second argument; ${found}). ${fix}`,
    );
  });

  it('without the flags is found by the doctor where class-validator fails first', SLOWLY, async () => {
    const folder = await boots.write({
      source: `class Say { @IsString() text!: string }\n${source}`,
      start: controllers('ChatController'),
      compilerOptions: {},
    });
    expect(Boots.refusalOf(await boots.run(folder))).toContain(`evaluating 'object.constructor'`);
    const doctor = await boots.workshop.gatewire(['doctor'], folder);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain('tsconfig.json: "experimentalDecorators" is not on');
  });
});

describe('a type of which nothing is left at run time', () => {
  const files = {
    'say.dto.ts': `import { IsString } from 'class-validator';
export class SayDto { @IsString() text!: string }
export interface Shape { text: string }
export type Alias = { text: string };`,
    'db.ts': 'export class Db {}',
  };
  const controller = (body: string) => `@WebSocketRoute('/chat') class ChatController { ${body} }`;

  it.each([
    ['an interface', `import type { Shape } from './say.dto.ts';`, 'Shape'],
    ['a type alias', `import type { Alias } from './say.dto.ts';`, 'Alias'],
    ['a class by import type', `import type { SayDto } from './say.dto.ts';`, 'SayDto'],
    ['a class by an inline type', `import { type SayDto } from './say.dto.ts';`, 'SayDto'],
  ])('is no DTO: %s', SLOWLY, async (_what, imported, type) => {
    const handlers = `@OnMessage('say') onSay(body: ${type}) {} @OnMessage('tell') onTell(@MessageBody() body: ${type}) {}`;
    const said = await refusal({
      files,
      source: `${imported}\n${controller(handlers)}`,
      start: controllers('ChatController'),
    });
    for (const method of ['onSay', 'onTell']) {
      expect(said).toContain(
        `ChatController.${method}() parameter 0: no DTO class at run time (got Object). ` +
          'Use a class, import it with "import", not "import type" (which linters write: useImportType, ' +
          'consistent-type-imports), or name it: @MessageBody(() => CreateMessage)',
      );
    }
  });

  it('is no provider', SLOWLY, async () => {
    const source = `import type { Db } from './db.ts';
${controller(`constructor(readonly db: Db) {} @OnMessage('say') say(text: string) {}`)}`;
    expect(await refusal({ files, source, start: controllers('ChatController') })).toContain(
      'ChatController constructor parameter 0: its type is not a class that can be injected (got Object). ' +
        'Import the class with "import", not "import type", or name a token with @Inject(TOKEN); ' +
        'where its file and this one import each other, use @Inject(forwardRef(() => TheClass))',
    );
  });

  it('is no connection', SLOWLY, async () => {
    const source = `import type { Connection as TheConnection } from 'gatewire';
${controller(`@OnOpen() open(connection: TheConnection) {}`)}`;
    expect(await refusal({ files, source, start: controllers('ChatController') })).toContain(
      'ChatController.open() parameter 0: @OnOpen() gives nothing by position, so this parameter would get nothing ' +
        '(got Object). Decorate it (@Param(), @Query() …) or type it as Connection, Handshake or AbortSignal, ' +
        'imported with "import"',
    );
  });
});

describe('files that import each other', () => {
  const service = (own: string, other: string, parameter: string, imports = '') => `
import { forwardRef, Inject, Injectable } from 'gatewire';
import { ${other} } from './${other.toLowerCase()}.ts';
${imports}
@Injectable()
export class ${own} { constructor(${parameter}) {} }`;
  const source = `import { A } from './a.ts';\nimport { B } from './b.ts';`;
  const start = providers('A, B');

  it('end the program where they are imported, and the doctor names the circle', SLOWLY, async () => {
    const folder = await boots.write({
      files: { 'a.ts': service('A', 'B', 'readonly b: B'), 'b.ts': service('B', 'A', 'readonly a: A') },
      source,
      start,
    });
    expect(Boots.refusalOf(await boots.run(folder))).toContain(`Cannot access 'A' before initialization`);
    const { code, stdout } = await boots.workshop.gatewire(['doctor'], folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /[ab]\.ts → [ab]\.ts → [ab]\.ts: these files import each other, and .* has the type [AB]/,
    );
    expect(stdout).toMatch(
      /keep the import for forwardRef\(\(\) => ([AB])\), and take the type by another name: import type \{ \1 as \1Type \}/,
    );
  });

  it('start as the doctor says', SLOWLY, async () => {
    const parameter = (name: string) => `@Inject(forwardRef(() => ${name})) readonly other: ${name}Type`;
    const typed = (name: string) =>
      `import type { ${name} as ${name}Type } from './${name.toLowerCase()}.ts';`;
    const folder = await boots.write({
      files: {
        'a.ts': service('A', 'B', parameter('B'), typed('B')),
        'b.ts': service('B', 'A', parameter('A'), typed('A')),
      },
      source,
      start,
    });
    expect(await boots.run(folder)).toMatchObject({ code: 0, stdout: 'listening\n' });
  });
});

describe('a dependency', () => {
  const chain = `
class Db {}
@Injectable() class ChatService { constructor(readonly db: Db) {} }
@WebSocketRoute('/chat') class ChatController { constructor(readonly service: ChatService) {} }`;

  it('that nobody provides is told with its chain, and the names near it', SLOWLY, async () => {
    const start = Boots.app('controllers: [ChatController], providers: [ChatService, Dbs]');
    expect(await refusal({ source: `class Dbs {}\n${chain}`, start })).toContain(
      "ChatService constructor parameter 0: can't resolve dependencies of ChatService (?): argument Db at index [0] is " +
        'not available in AppModule (AppModule → ChatController → ChatService → Db(?)). ' +
        'Did you mean Dbs? Add Db to the providers of AppModule, or import a module that exports it',
    );
  });

  it('that a module has and does not export is told with the module', SLOWLY, async () => {
    const source = `${chain}\n@Module({ providers: [Db] }) class DbModule {}`;
    const start = Boots.app('imports: [DbModule], controllers: [ChatController], providers: [ChatService]');
    expect(await refusal({ source, start })).toContain(
      'DbModule has Db but does not export it: add it to its exports',
    );
  });

  it('that goes round in a circle is told as one', SLOWLY, async () => {
    const source = `
@Injectable() class A { constructor(@Inject('B') readonly b: unknown) {} }
@Injectable() class B { constructor(readonly a: A) {} }`;
    expect(await refusal({ source, start: providers(`A, { provide: 'B', useClass: B }`) })).toContain(
      'A: circular dependency A → "B" → A. Use forwardRef(() => "B") on both sides',
    );
  });

  it('that exists once per connection is not for a singleton', SLOWLY, async () => {
    const source = `
@Injectable({ scope: Scope.CONNECTION }) class Session {}
@Injectable() class Stats { constructor(readonly session: Session) {} }`;
    expect(await refusal({ source, start: providers('Session, Stats') })).toContain(
      "Stats constructor parameter 0: a singleton can't depend on Session, which exists once per connection " +
        '(AppModule → Stats → Session). Decorate Stats with @Injectable({ scope: Scope.CONNECTION })',
    );
  });
});

describe('a provider', () => {
  it.each([
    [
      'whose constructor throws',
      `class Db { constructor() { throw new Error('no database'); } }`,
      'Db',
      'Db in AppModule: its constructor threw (got Error: no database). Correct the constructor',
    ],
    [
      'whose factory rejects',
      '',
      `{ provide: 'DB', useFactory: async () => { throw new Error('no database'); } }`,
      '"DB" in AppModule: its factory failed (got Error: no database). Correct the factory, or what it needs from outside',
    ],
    [
      'whose factory throws what is no error',
      '',
      `{ provide: 'DB', useFactory: () => { throw undefined; } }`,
      '"DB" in AppModule: its factory failed (got undefined)',
    ],
  ])('%s is told, with what it threw', SLOWLY, async (_what, source, entry, message) => {
    expect(await refusal({ source, start: providers(entry) })).toContain(message);
  });

  const STUCK = 'new Promise(() => {})';
  const FIX = 'Correct what it waits for, or give it longer: createApplication(…, { startTimeout: seconds })';

  it.each([
    [
      'a factory',
      '',
      `providers: [{ provide: 'DB', useFactory: () => ${STUCK} }]`,
      '"DB" in AppModule: its factory failed',
    ],
    ['a dynamic module', '', `imports: [${STUCK}]`, 'AppModule imports[0]: the module could not be made'],
    [
      'a factory of options',
      `@WebSocketRoute('/chat', { useFactory: () => ${STUCK} }) class ChatController {}`,
      'controllers: [ChatController]',
      'ChatController options: their useFactory failed',
    ],
    [
      'onModuleInit()',
      `class Db { onModuleInit() { return ${STUCK}; } }`,
      'providers: [Db]',
      'Db.onModuleInit(): the hook failed',
    ],
    [
      'onApplicationBootstrap()',
      `class Db { onApplicationBootstrap() { return ${STUCK}; } }`,
      'providers: [Db]',
      'Db.onApplicationBootstrap(): the hook failed',
    ],
  ])('that never ends is told after startTimeout: %s', SLOWLY, async (_what, source, parts, message) => {
    expect(await refusal({ source, start: Boots.app(parts) })).toContain(
      `${message} (got LifecycleTimeout: not ended after 1 s). ${FIX}`,
    );
  });

  it('that never ends is told where something else keeps the process alive', SLOWLY, async () => {
    const start = providers(`{ provide: 'DB', useFactory: () => ${STUCK} }`);
    expect(await refusal({ source: 'setInterval(() => {}, 1000);', start })).toContain(
      'LifecycleTimeout: not ended after 1 s',
    );
  });
});

describe('a DTO', () => {
  const item = 'class Item { @IsString() name!: string }';
  it.each([
    [
      'without decorators',
      'class Say { text!: string }',
      'say: Say',
      'ChatController.onSay(): Say has no validation decorators, so none of its properties would be let through',
    ],
    [
      'with a list whose class nobody names',
      `${item} class Say { @ValidateNested({ each: true }) items!: Item[] }`,
      'say: Say',
      'ChatController.onSay(): Say: items: Item[] needs @Type(() => Item)',
    ],
    [
      'that is a list',
      item,
      'items: Item[]',
      'ChatController.onSay() parameter 0: what the list holds is not known at run time (got Array). ' +
        'Name the class of its items: @MessageBody(() => [Item])',
    ],
    [
      'beside another',
      item,
      '@MessageBody() one: Item, @MessageBody() two: Item',
      'ChatController.onSay(): 2 parameters take the whole message',
    ],
  ])('%s is told by class and member', SLOWLY, async (_what, classes, parameters, message) => {
    const source = `${classes}
@WebSocketRoute('/chat') class ChatController { @OnMessage('say') onSay(${parameters}) {} }`;
    expect(await refusal({ source, start: controllers('ChatController') })).toContain(message);
  });
});

describe('@OnMessage() on what is no method of an instance', () => {
  it.each([
    ['a static method', 'static onSay() {}', 'a static member'],
    ['an accessor', 'get onSay() { return 1; }', 'an accessor'],
    ['a property', 'onSay = () => 1;', 'a property'],
  ])('is told: %s', SLOWLY, async (_what, member, got) => {
    const source = `@WebSocketRoute('/chat') class ChatController { @OnMessage('say') ${member} }`;
    expect(await refusal({ source, start: controllers('ChatController') })).toContain(
      `ChatController.onSay: @OnMessage() is for instance methods (got ${got}). Put @OnMessage() on an ordinary method`,
    );
  });
});

describe('listening', () => {
  /** Two modules, one of which needs the other, and a start that listens so. */
  const program = (listen: string, before = ''): Program => ({
    source: `
class Db { onModuleInit() { console.log('db up'); } onModuleDestroy() { console.log('db down'); } }
@Module({ providers: [Db], exports: [Db] }) class DbModule {}
@Injectable() class Chat {
  constructor(readonly db: Db) {}
  onModuleInit() { console.log('chat up'); }
  onModuleDestroy() { console.log('chat down'); }
}
@Module({ imports: [DbModule], providers: [Chat] }) class AppModule {}`,
    start: `
async function main() {
  const app = await createApplication(AppModule);
  ${before}
  await app.listen(${listen});
  console.log('listening');
}
main().catch(error => {
  console.error(error.code, error.message, error.cause?.code);
  process.exit(1);
});`,
  });

  async function refusedWith(given: Program): Promise<string> {
    const folder = await boots.write(given);
    const ran = await boots.run(folder);
    expect(ran.stdout).toBe('db up\nchat up\nchat down\ndb down\n');
    return Boots.refusalOf(ran).trim().replaceAll(boots.workshop.path(folder), 'HERE');
  }

  it(
    'where somebody does is told with the port; what had begun is shut down in reverse',
    SLOWLY,
    async () => {
      using taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
      expect(await refusedWith(program(`{ port: ${taken.port}, hostname: '127.0.0.1' }`))).toBe(
        `EADDRINUSE app.listen(): port ${taken.port} of 127.0.0.1 is taken (got EADDRINUSE). ` +
          'Stop what listens there, or listen elsewhere; port 0 takes any that is free EADDRINUSE',
      );
    },
  );

  it('where the user may not is told so', SLOWLY, async () => {
    await mkdir(boots.workshop.path('locked'));
    await chmod(boots.workshop.path('locked'), 0o500);
    const socket = boots.workshop.path('locked/socket');
    // Root may do anything, so it becomes somebody else first.
    const before = 'if (process.getuid() === 0) process.setuid(65534);';
    expect(await refusedWith(program(`{ unix: ${JSON.stringify(socket)} }`, before))).toBe(
      `EACCES app.listen(): the socket ${socket} may not be listened on by this user (got EACCES). ` +
        'Listen on a port from 1024 on, or where the user may write EACCES',
    );
  });

  it.each([
    [
      'in a folder that is not there',
      `{ unix: 'nowhere/socket' }`,
      'ENOENT',
      'the socket nowhere/socket is in a folder that is not there',
    ],
    [
      'at an address of another machine',
      `{ port: 8080, hostname: '203.0.113.9' }`,
      'EADDRNOTAVAIL',
      'port 8080 of 203.0.113.9 has an address that is not of this machine',
    ],
  ])('%s is told so', SLOWLY, async (_what, listen, code, message) => {
    expect(await refusedWith(program(listen))).toContain(`${code} app.listen(): ${message} (got ${code}).`);
  });

  it('that never began ends, whatever hangs at the end', SLOWLY, async () => {
    const source = `
class Stuck { onModuleDestroy() { return new Promise(() => {}); } }
class Failing { onApplicationBootstrap() { throw new Error('no room'); } }`;
    const said = await refusal({ source, start: providers('Stuck, Failing') });
    expect(said).toContain('Failing.onApplicationBootstrap(): the hook failed (got Error: no room)');
    expect(said).toContain('Stuck.onModuleDestroy() has not ended after 1 s');
  });

  it(
    'after a hook of the start failed never begins; what had begun is shut down in reverse',
    SLOWLY,
    async () => {
      const { source, start } = program('0');
      const failing = `${source}`.replace(`console.log('chat up');`, `throw new Error('no room');`);
      const folder = await boots.write({ source: failing, start: start ?? '' });
      const ran = await boots.run(folder);
      expect(Boots.refusalOf(ran)).toContain('Chat.onModuleInit(): the hook failed (got Error: no room)');
      expect(ran.stdout).toBe('db up\ndb down\n');
    },
  );
});

describe('what Gatewire needs', () => {
  const dto = `class Say { text!: string }
@WebSocketRoute('/chat') class ChatController { @OnMessage('say') onSay(say: Say) {} }`;

  it('is a Bun that is not older than it was tested with', SLOWLY, async () => {
    const source = `Object.defineProperty(process.versions, 'bun', { value: '1.4.4' });`;
    expect(await refusal({ source, start: providers('') })).toContain(
      'createApplication(): Gatewire runs on Bun 1.4.5 or newer (got Bun 1.4.4). Run bun upgrade',
    );
  });

  it('is class-validator once', SLOWLY, async () => {
    const folder = await boots.write({ source: dto, start: controllers('ChatController') });
    const copy = boots.workshop.path(folder, 'node_modules/class-validator');
    await cp(boots.workshop.path('node_modules/class-validator'), copy, {
      recursive: true,
      dereference: true,
    });
    expect(Boots.refusalOf(await boots.run(folder))).toContain(
      'Validation of DTO classes: class-validator is installed twice, so one copy does not see the decorators of the other',
    );
  });

  it.each([
    [
      'class-validator, where there are DTOs',
      ['reflect-metadata', 'class-transformer'],
      'class-validator and class-transformer cannot be loaded',
      'Run npm install class-validator@0.15 class-transformer@0.5',
    ],
    ['reflect-metadata', [], `Cannot find package 'reflect-metadata'`, 'node_modules/gatewire/'],
  ])('is %s', SLOWLY, async (_what, installed, message, where) => {
    const root = await boots.workshop.outside();
    await boots.workshop.link(join(root, 'linked'));
    const packages = join(root, 'node_modules');
    await cp(join(root, 'linked/node_modules/gatewire'), join(packages, 'gatewire'), {
      recursive: true,
      dereference: true,
    });
    for (const name of installed) {
      await symlink(boots.workshop.path('node_modules', name), join(packages, name));
    }
    await boots.workshop.write(
      {
        'package.json': '{ "name": "boot", "type": "module" }',
        'tsconfig.json': `{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }`,
        'main.ts': `import { createApplication, Module, OnMessage, WebSocketRoute } from 'gatewire';
${dto}
${controllers('ChatController')}`,
      },
      root,
    );
    const said = Boots.refusalOf(await boots.run(root));
    expect(said).toContain(message);
    expect(said).toContain(where);
  });

  it('is no import of reflect-metadata by the program, whichever file is loaded first', SLOWLY, async () => {
    const files = {
      'page.dto.ts': `import { IsInt } from 'class-validator';
export class Page { @IsInt() number!: number }`,
      'main.ts': `import { Page } from './page.dto.ts';
import { createApplication, Module, OnOpen, Query, WebSocketRoute } from 'gatewire';
@WebSocketRoute('/chat') class ChatController { @OnOpen() open(@Query() page: Page) {} }
${controllers('ChatController').replace(
  `console.log('listening');`,
  `const socket = new WebSocket(app.url.replace('http', 'ws') + '/chat?number=7');
  console.log(await new Promise(resolve => {
    socket.onopen = () => resolve('opened');
    socket.onclose = () => resolve('refused');
  }));`,
)}`,
    };
    const folder = await boots.write({ files });
    expect(await boots.run(folder)).toMatchObject({ code: 0, stdout: 'opened\n' });
  });
});
