import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Inject, Injectable, Optional } from '../../../lib/decorators/injectable.ts';
import { Global, Module } from '../../../lib/decorators/module.ts';
import { ConfigurationError } from '../../../lib/errors.ts';
import { Container } from '../../../lib/injection/container.ts';
import { forwardRef } from '../../../lib/injection/token.ts';
import { mistakesOf } from './start-container.ts';

@Injectable()
class Db {}

@Injectable()
class Logger {}

@Injectable()
class ChatService {
  constructor(
    readonly db: Db,
    readonly logger: Logger,
  ) {}
}

@Injectable()
class ChatController {
  constructor(readonly chat: ChatService) {}
}

async function messageOf(root: unknown): Promise<string> {
  return new ConfigurationError(await mistakesOf(root)).message;
}

describe('a missing provider', () => {
  it('is named with the chain that needs it', async () => {
    @Module({ controllers: [ChatController], providers: [ChatService, Logger] })
    class AppModule {}

    expect(await messageOf(AppModule)).toBe(
      "ChatService constructor parameter 0: can't resolve dependencies of ChatService (?, Logger): argument Db at index [0] is not available in AppModule (AppModule → ChatController → ChatService → Db(?)). Add Db to the providers of AppModule, or import a module that exports it [GATEWIRE_MISSING_PROVIDER]",
    );
  });

  it('is reported once, however many need it, and with all the others', async () => {
    @Injectable()
    class Other {
      constructor(readonly chat: ChatService) {}
    }
    @Module({ controllers: [ChatController], providers: [ChatService, Other] })
    class AppModule {}

    const mistakes = await mistakesOf(AppModule);
    expect(mistakes.map(({ where }) => where)).toEqual([
      'ChatService constructor parameter 0',
      'ChatService constructor parameter 1',
    ]);
  });

  it('is looked for in modules that have it and do not export it', async () => {
    @Module({ providers: [Db] })
    class DbModule {}
    @Module({ providers: [ChatService, Logger], imports: [DbModule] })
    class ChatModule {}
    @Module({ imports: [ChatModule] })
    class AppModule {}
    @Module({ providers: [ChatService, Logger] })
    class LonelyModule {}
    @Module({ imports: [LonelyModule, DbModule] })
    class OtherModule {}

    expect((await mistakesOf(AppModule))[0]?.fix).toBe(
      'DbModule has Db but does not export it: add it to its exports',
    );
    expect((await mistakesOf(OtherModule))[0]?.fix).toBe(
      'DbModule has Db but does not export it: add it to its exports and import DbModule in LonelyModule',
    );
  });

  it('is looked for in modules that export it and are not imported', async () => {
    @Module({ providers: [Db], exports: [Db] })
    class DbModule {}
    @Module({ providers: [ChatService, Logger] })
    class ChatModule {}
    @Module({ imports: [ChatModule, DbModule] })
    class AppModule {}

    expect((await mistakesOf(AppModule))[0]?.fix).toBe(
      'DbModule exports Db: add it to the imports of ChatModule',
    );
  });

  it('suggests the nearest names, and tells two classes of one name apart', async () => {
    const OtherDb = { Db: class Db {} }.Db;
    const inject = [{ token: 'DB_URI', optional: false }];
    @Module({
      providers: [
        { provide: 'DB_URL', useValue: '' },
        { provide: 'x', useFactory: () => 1, inject },
      ],
    })
    class AppModule {}
    @Module({ providers: [ChatService, Logger, OtherDb] })
    class OtherModule {}

    expect(await messageOf(AppModule)).toBe(
      '"x" inject[0]: can\'t resolve dependencies of "x" (?): argument "DB_URI" at index [0] is not available in AppModule (AppModule → "x" → "DB_URI"(?)). Did you mean "DB_URL"? Add "DB_URI" to the providers of AppModule, or import a module that exports it [GATEWIRE_MISSING_PROVIDER]',
    );
    expect((await mistakesOf(OtherModule))[0]?.fix).toBe(
      'OtherModule provides another Db: import both from the same file. Add Db to the providers of OtherModule, or import a module that exports it',
    );
  });

  it('may be that of a property or of an alias', async () => {
    @Injectable()
    class Mailer {
      @Inject() readonly logger!: Logger;
      @Optional() @Inject('FROM') readonly from = 'nobody';
    }
    @Module({ providers: [Mailer, { provide: 'LOG', useExisting: Logger }] })
    class AppModule {}

    const [property, alias, ...rest] = await mistakesOf(AppModule);
    expect(rest).toEqual([]);
    expect(property).toMatchObject({
      where: 'Mailer.logger',
      what: 'can\'t resolve property "logger" of Mailer: Logger is not available in AppModule (AppModule → Mailer → Logger(?))',
    });
    expect(alias).toMatchObject({
      where: '"LOG" useExisting',
      what: '"LOG" stands for Logger, which is not available in AppModule (AppModule → "LOG" → Logger(?))',
    });
  });
});

describe('a circular dependency', () => {
  class A {}
  class B {}
  const AtoB = { provide: A, useFactory: () => new A(), inject: [B] };

  it('is reported with its chain', async () => {
    const BtoA = { provide: B, useFactory: () => new B(), inject: [A] };
    @Module({ providers: [AtoB, BtoA] })
    class AppModule {}

    expect(await messageOf(AppModule)).toBe(
      'A: circular dependency A → B → A. Use forwardRef(() => B) on both sides, or move what they share into a third provider [GATEWIRE_CIRCULAR_DEPENDENCY]',
    );
  });

  it('may be one provider alone, or a circle of aliases', async () => {
    @Module({ providers: [{ provide: A, useFactory: () => new A(), inject: [A] }] })
    class AppModule {}
    @Module({
      providers: [
        { provide: A, useExisting: B },
        { provide: B, useExisting: forwardRef(() => A) as never },
      ],
    })
    class AliasModule {}

    expect(await mistakesOf(AppModule)).toMatchObject([
      { what: 'circular dependency A → A', fix: 'Take A out of its own dependencies' },
    ]);
    expect(await mistakesOf(AliasModule)).toMatchObject([{ what: 'circular dependency A → B → A' }]);
  });
});

describe('an invalid module', () => {
  it('is an import that is missing, no module at all, or a provider', async () => {
    @Module({ imports: [undefined as never, 'DbModule' as never, Db, forwardRef(() => undefined) as never] })
    class AppModule {}

    const mistakes = await mistakesOf(AppModule);
    expect(mistakes.map(({ where, got, fix }) => [where, got, fix])).toEqual([
      ['AppModule imports[0]', 'undefined', 'Import it with forwardRef(() => TheModule) on both sides'],
      [
        'AppModule imports[1]',
        '"DbModule"',
        'Give a class with @Module(), or what its forRoot() or register() returns',
      ],
      ['AppModule imports[2]', 'Db', 'Decorate Db with @Module(), or list it in providers or controllers'],
      ['AppModule imports[3]', 'undefined', 'Import it with forwardRef(() => TheModule) on both sides'],
    ]);
    expect(new Set(mistakes.map(({ code }) => code))).toEqual(new Set(['GATEWIRE_INVALID_MODULE']));
  });

  it('is a root that is no module', async () => {
    expect(await messageOf(class Main {})).toBe(
      'root module: not a module (got Main). Decorate Main with @Module(), or list it in providers or controllers [GATEWIRE_INVALID_MODULE]',
    );
  });

  it('is a dynamic module that rejects, even long before it is scanned', async () => {
    @Module({ imports: [Promise.reject(new Error('DB_URL is not set'))] })
    class AppModule {}
    await new Promise(resolve => setImmediate(resolve));

    expect(await messageOf(AppModule)).toBe(
      'AppModule imports[0]: the module could not be made (got Error: DB_URL is not set). Correct what the call that makes it does or is given [GATEWIRE_INVALID_MODULE]',
    );
  });

  it('exports what it does not have', async () => {
    @Module({ providers: [Db], exports: [Db] })
    class DbModule {}
    @Module({ imports: [DbModule], exports: [Db, Logger, undefined as never] })
    class AppModule {}

    expect((await mistakesOf(AppModule)).map(({ where, what, fix }) => [where, what, fix])).toEqual([
      [
        'AppModule exports[2]',
        'exports what is no token and no module',
        'Export it with forwardRef(() => TheModule): its file and this one import each other',
      ],
      ['AppModule exports', 'exports Db, which it does not provide', 'Export DbModule, which it comes from'],
      [
        'AppModule exports',
        'exports Logger, which it does not provide',
        'Add Logger to the providers of AppModule, or import it if it is a module',
      ],
    ]);
  });

  it('has a list that is none', async () => {
    @Module({ providers: Db as never })
    class AppModule {}

    expect(await messageOf(AppModule)).toBe(
      'AppModule providers: not a list (got Db). Put what it holds into an array [GATEWIRE_INVALID_MODULE]',
    );
  });

  it('has a key that modules do not have', async () => {
    @Global()
    @Module({ provider: [Db], controlers: [] } as never)
    class AppModule {}

    expect((await mistakesOf(AppModule)).map(({ code, what, fix }) => [code, what, fix])).toEqual([
      ['GATEWIRE_UNKNOWN_OPTION', '@Module() has no key "provider"', 'Did you mean "providers"?'],
      ['GATEWIRE_UNKNOWN_OPTION', '@Module() has no key "controlers"', 'Did you mean "controllers"?'],
    ]);
  });
});

describe('an invalid provider', () => {
  it('is named by its place in the list', async () => {
    @Module({
      providers: [
        undefined as never,
        { useValue: 1 } as never,
        { provide: 'a' } as never,
        { provide: 'b', useClass: Db, useFactory: () => 1 },
        { provide: 'c', useClass: () => 1 } as never,
        { provide: 'd', useFactory: () => 1, inject: 'e' } as never,
      ],
      controllers: ['ChatController' as never, undefined as never],
    })
    class AppModule {}

    const mistakes = await mistakesOf(AppModule);
    expect(mistakes.map(({ where, what, got }) => [where, what, got])).toEqual([
      [
        'AppModule providers[0]',
        'the provider is missing, most often because its file and this one import each other',
        'undefined',
      ],
      ['AppModule providers[1]', '"provide" is not a token', 'an object with useValue'],
      ['AppModule providers[2]', '"a" is provided in 0 ways', 'an object with provide'],
      ['AppModule providers[3]', '"b" is provided in 2 ways', 'an object with provide, useClass, useFactory'],
      ['AppModule providers[4]', 'what it is made of cannot be used', 'useClass'],
      ['AppModule providers[5]', '"inject" is not a list of tokens', '"e"'],
      ['AppModule controllers[0]', 'not a class', '"ChatController"'],
      ['AppModule controllers[1]', 'not a class', 'undefined'],
    ]);
    expect(new Set(mistakes.map(({ code }) => code))).toEqual(new Set(['GATEWIRE_INVALID_PROVIDER']));
  });
});

describe('a constructor', () => {
  it('without type metadata is reported', async () => {
    class Plain {
      constructor(readonly db: Db) {}
    }
    class Child extends ChatService {
      constructor(db: Db, logger: Logger) {
        super(db, logger);
      }
    }
    @Module({ providers: [Plain, Child, Db, Logger] })
    class AppModule {}

    const [plain, child] = await mistakesOf(AppModule);
    expect(new ConfigurationError(plain === undefined ? [] : [plain]).message).toBe(
      'Plain constructor: takes 1 argument, and nothing says what to inject (got no design:paramtypes). Decorate Plain with @Injectable(), and set "emitDecoratorMetadata" to true in the tsconfig.json of the folder you start Bun in [GATEWIRE_NO_TYPE_METADATA]',
    );
    expect(child).toMatchObject({ code: 'GATEWIRE_NO_TYPE_METADATA', where: 'Child constructor' });
  });

  it('whose parameter is typed by an interface or a scalar is reported', async () => {
    interface Options {
      readonly url: string;
    }
    @Injectable()
    class Client {
      constructor(
        readonly options: Options,
        readonly name: string,
        @Optional() readonly more?: Options,
      ) {}
    }
    @Module({ providers: [Client] })
    class AppModule {}

    const [options, name, ...rest] = await mistakesOf(AppModule);
    expect(rest).toEqual([]);
    expect(new ConfigurationError(options === undefined ? [] : [options]).message).toBe(
      'Client constructor parameter 0: its type is not a class that can be injected (got Object). Import the class with "import", not "import type", or name a token with @Inject(TOKEN); where its file and this one import each other, use @Inject(forwardRef(() => TheClass)) [GATEWIRE_UNTYPED_PARAMETER]',
    );
    expect(name).toMatchObject({ where: 'Client constructor parameter 1', got: 'String' });
  });

  it('whose token is not there yet is reported', async () => {
    @Injectable()
    class Client {
      constructor(@Inject(undefined as never) readonly db: Db) {}
    }
    @Module({ providers: [Client] })
    class AppModule {}

    expect(await messageOf(AppModule)).toBe(
      'Client constructor parameter 0: the class to inject is not there, most often because its file and this one import each other (got undefined). Use @Inject(forwardRef(() => TheClass)) on both sides [GATEWIRE_UNTYPED_PARAMETER]',
    );
  });
});

describe('a decorator', () => {
  it('that ran in standard mode is reported once, at build', async () => {
    class AppModule {}
    class Users {
      constructor(readonly db: Db) {}
    }
    const context = { kind: 'class' };
    (Module({ providers: [Users] }) as (target: object, context: object) => void)(AppModule, context);
    (Global() as (target: object, context: object) => void)(AppModule, context);
    (Injectable() as (target: object, context: object) => void)(Users, context);
    (Inject() as unknown as (target: unknown, context: object) => void)(undefined, { kind: 'field' });

    expect((await mistakesOf(AppModule)).map(({ code, where }) => [code, where])).toEqual([
      ['GATEWIRE_STANDARD_DECORATORS', 'AppModule'],
      ['GATEWIRE_STANDARD_DECORATORS', 'Users'],
    ]);
  });

  it('of injection on a method, its parameter or a static member is reported', async () => {
    @Injectable()
    class Users {
      @Inject('a') static shared: string;
      find(@Inject('b') _name: string, @Optional() _age: number): void {}
    }
    @Module({ providers: [Users] })
    class AppModule {}

    const mistakes = await mistakesOf(AppModule);
    expect(mistakes.map(({ where, what }) => `${where}: ${what}`).sort()).toEqual([
      'Users.find() parameter 0: @Inject() is for constructor parameters and instance properties',
      'Users.find() parameter 1: @Optional() is for constructor parameters and instance properties',
      'Users.shared: @Inject() is for constructor parameters and instance properties',
    ]);
    expect(new Set(mistakes.map(({ code }) => code))).toEqual(new Set(['GATEWIRE_MISPLACED_DECORATOR']));
  });
});

describe('Container.create()', () => {
  it('throws all mistakes together when nobody takes them', async () => {
    @Module({ imports: [undefined as never], providers: [ChatService] })
    class AppModule {}

    const error = await Container.create(AppModule).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).mistakes).toHaveLength(3);
  });

  it('gives a container that creates nothing when someone takes them', async () => {
    @Module({ providers: [ChatService], controllers: [ChatController] })
    class AppModule {}

    const container = await Container.create(AppModule, { mistakes: [] });
    expect(container.controllers.map(({ type }) => type)).toEqual([ChatController]);
    await expect(container.instantiate()).rejects.toThrow('2 configuration mistakes');
  });
});

describe('a provider that fails', () => {
  it('is reported with the others that do, and those that need it are not', async () => {
    class Broken {
      constructor() {
        throw new Error('no such file');
      }
    }
    @Injectable()
    class NeedsBroken {
      constructor(readonly broken: Broken) {}
    }
    const rejects = { provide: 'REDIS', useFactory: () => Promise.reject(new Error('ECONNREFUSED')) };
    @Module({ providers: [NeedsBroken, Broken, rejects] })
    class AppModule {}

    const container = await Container.create(AppModule);
    const error: unknown = await container.instantiate().catch((thrown: unknown) => thrown);
    expect((error as ConfigurationError).message).toBe(
      [
        '2 configuration mistakes',
        '  1. Broken in AppModule: its constructor threw (got Error: no such file). Correct the constructor [GATEWIRE_PROVIDER_FAILED]',
        '  2. "REDIS" in AppModule: its factory failed (got Error: ECONNREFUSED). Correct the factory, or what it needs from outside [GATEWIRE_PROVIDER_FAILED]',
      ].join('\n'),
    );
    expect(((error as ConfigurationError).cause as AggregateError).errors.map(String)).toEqual([
      'Error: no such file',
      'Error: ECONNREFUSED',
    ]);
  });

  it('is the cause when it is the only one', async () => {
    const cause = new Error('ECONNREFUSED');
    @Module({
      providers: [
        {
          provide: 'REDIS',
          useFactory: () => {
            throw cause;
          },
        },
      ],
    })
    class AppModule {}

    const container = await Container.create(AppModule);
    await expect(container.instantiate()).rejects.toMatchObject({ cause });
  });
});
