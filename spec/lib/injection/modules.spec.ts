import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Injectable } from '../../../lib/decorators/injectable.ts';
import { Global, Module } from '../../../lib/decorators/module.ts';
import type { DynamicModule } from '../../../lib/injection/module-metadata.ts';
import { forwardRef } from '../../../lib/injection/token.ts';
import { mistakesOf, startContainer } from './start-container.ts';

@Injectable()
class Db {}

@Injectable()
class Users {
  constructor(readonly db: Db) {}
}

@Module({ providers: [Db], exports: [Db] })
class DbModule {}

describe('a module', () => {
  it('injects what the modules it imports export, through re-exports too', async () => {
    @Module({ imports: [DbModule], exports: [DbModule] })
    class StorageModule {}
    @Module({ imports: [StorageModule], providers: [Users] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Users).db).toBe(container.get(Db));
  });

  it('injects nothing that is only imported by what it imports', async () => {
    @Module({ imports: [DbModule] })
    class StorageModule {}
    @Module({ imports: [StorageModule], providers: [Users] })
    class AppModule {}

    expect((await mistakesOf(AppModule)).map(({ code }) => code)).toEqual(['GATEWIRE_MISSING_PROVIDER']);
  });

  it('is one module however often it is imported', async () => {
    @Module({ imports: [DbModule], providers: [Users], exports: [Users] })
    class UsersModule {}
    @Module({ imports: [UsersModule, DbModule, forwardRef(() => DbModule)] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.modules.map(({ name }) => name)).toEqual([
      'AppModule',
      'UsersModule',
      'DbModule',
      'Gatewire',
    ]);
  });

  it('has its own instance of a class that another one provides too', async () => {
    @Module({ providers: [Db, Users], exports: [Users] })
    class UsersModule {}
    @Module({ imports: [UsersModule], providers: [Db] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Users).db).not.toBe(container.get(Db));
  });

  it('takes its own provider before an imported one, and the imported one where they have the same token', async () => {
    @Module({ providers: [{ provide: 'name', useValue: 'base' }], exports: ['name'] })
    class BaseModule {}
    @Module({
      imports: [BaseModule],
      providers: [{ provide: 'name', useFactory: (name: string) => `${name}+`, inject: ['name'] }],
    })
    class AppModule {}

    expect((await startContainer(AppModule)).get('name')).toBe('base+');
  });

  it('may be @Global(), and is there without an import then', async () => {
    @Global()
    @Module({ providers: [Db], exports: [Db] })
    class GlobalModule {}
    @Module({ providers: [Users] })
    class UsersModule {}
    @Module({ imports: [UsersModule, GlobalModule] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Users).db).toBe(container.get(Db));
  });

  it('may import one that imports it, with forwardRef', async () => {
    @Module({ imports: [forwardRef(() => AppModule)], providers: [Users] })
    class UsersModule {}
    @Module({ imports: [forwardRef(() => UsersModule)], providers: [Db], exports: [Db] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Users).db).toBe(container.get(Db));
  });

  it('is a provider itself, created once', async () => {
    @Module({ providers: [Db] })
    class AppModule {
      constructor(readonly db: Db) {}
    }

    const container = await startContainer(AppModule);
    expect(container.get(AppModule).db).toBe(container.get(Db));
  });

  it('has controllers, which are found with it and created once', async () => {
    @Injectable()
    class ChatController {
      constructor(readonly db: Db) {}
    }
    @Module({ imports: [DbModule], controllers: [ChatController] })
    class ChatModule {}
    @Module({ imports: [ChatModule] })
    class AppModule {}

    const container = await startContainer(AppModule);
    const [entry] = container.controllers;
    expect(entry?.type).toBe(ChatController);
    expect(entry?.module.name).toBe('ChatModule');
    const controller = entry && container.instance(ChatController, entry.module);
    expect(controller?.db).toBe(container.get(Db));
    expect(container.get(ChatController)).toBe(controller);
  });

  it('shares a controller that it lists as a provider too', async () => {
    @Injectable()
    class ChatController {}
    @Injectable()
    class Bot {
      constructor(readonly chat: ChatController) {}
    }
    @Module({ controllers: [ChatController], providers: [ChatController, Bot] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Bot).chat).toBe(container.get(ChatController));
    expect(container.controllers).toHaveLength(1);
  });
});

describe('a dynamic module', () => {
  @Module({ exports: ['options'] })
  class OptionsModule {
    static forRoot(name: string): DynamicModule {
      return { module: OptionsModule, providers: [{ provide: 'options', useValue: name }] };
    }

    static async forRootAsync(name: string): Promise<DynamicModule> {
      return OptionsModule.forRoot(name);
    }
  }

  it('adds to what its class says', async () => {
    @Module({ imports: [OptionsModule.forRoot('a')], exports: [OptionsModule] })
    class AppModule {}

    expect((await startContainer(AppModule)).get('options')).toBe('a');
  });

  it('is another module for each call, and may be a promise or a reference', async () => {
    const read = { provide: 'read', useFactory: (name: string) => name, inject: ['options'] };
    @Module({ imports: [OptionsModule.forRootAsync('a')], providers: [read] })
    class AModule {}
    @Module({ imports: [forwardRef(() => OptionsModule.forRoot('b'))], providers: [read] })
    class BModule {}
    @Module({ imports: [AModule, BModule] })
    class AppModule {}

    const container = await startContainer(AppModule);
    const [a, b] = ['AModule', 'BModule'].map(name => container.modules.find(module => module.name === name));
    expect(a && container.instance('read', a)).toBe('a');
    expect(b && container.instance('read', b)).toBe('b');
  });

  it('is one module where the same object is imported', async () => {
    const options = OptionsModule.forRoot('a');
    @Module({ imports: [options] })
    class ChildModule {}
    @Module({ imports: [options, ChildModule] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.modules.filter(({ type }) => type === OptionsModule)).toHaveLength(1);
  });

  it('is there for every module when it is global', async () => {
    const read = { provide: 'read', useFactory: (name: string) => name, inject: ['options'] };
    @Module({ providers: [read] })
    class ChildModule {}
    @Module({ imports: [ChildModule, { ...OptionsModule.forRoot('a'), global: true }] })
    class AppModule {}

    expect((await startContainer(AppModule)).get('read')).toBe('a');
  });
});

describe('what surrounds the modules', () => {
  it('is injected everywhere', async () => {
    @Module({ providers: [Users] })
    class UsersModule {}
    @Module({ imports: [UsersModule] })
    class AppModule {}

    const db = new Db();
    const container = await startContainer(AppModule, { providers: [{ provide: Db, useValue: db }] });
    expect(container.get(Users).db).toBe(db);
  });

  it('keeps every provider of a collected token', async () => {
    @Module({ providers: [{ provide: 'APP_GUARD', useValue: 1 }] })
    class ChildModule {}
    @Module({
      imports: [ChildModule],
      providers: [
        { provide: 'APP_GUARD', useValue: 2 },
        { provide: 'APP_GUARD', useFactory: () => 3 },
      ],
    })
    class AppModule {}

    const container = await startContainer(AppModule, { collectedTokens: ['APP_GUARD'] });
    const guards = container
      .collected('APP_GUARD')
      .map(({ token, module }) => container.instance(token, module));
    expect(guards).toEqual([2, 3, 1]);
  });

  it('creates what controllers name, in their module', async () => {
    @Injectable()
    class Guard {
      constructor(readonly db: Db) {}
    }
    class ChatController {}
    @Module({ imports: [DbModule], controllers: [ChatController] })
    class ChatModule {}
    @Module({ imports: [ChatModule] })
    class AppModule {}

    const container = await startContainer(AppModule, { injectablesOf: () => [Guard] });
    const module = container.controllers[0]?.module;
    expect(module && container.instance(Guard, module).db).toBe(container.get(Db));
  });
});

describe('an override', () => {
  it('takes the place of a provider wherever it is, and its dependencies are not needed', async () => {
    const fake = { isFake: true };
    @Module({ providers: [Users], exports: [Users] })
    class UsersModule {}
    @Module({ imports: [UsersModule], providers: [{ provide: 'fake', useValue: fake }] })
    class AppModule {}

    const byValue = await startContainer(AppModule, { overrides: new Map([[Users, { useValue: fake }]]) });
    expect(byValue.get<unknown>(Users)).toBe(fake);

    class FakeUsers {}
    const byClass = await startContainer(AppModule, {
      overrides: new Map([[Users, { useClass: FakeUsers }]]),
    });
    expect(byClass.get(Users)).toBeInstanceOf(FakeUsers);

    const useFactory = (moduleName: string) => moduleName;
    const byFactory = await startContainer(AppModule, {
      overrides: new Map([[Users, { useFactory, inject: ['where'] }]]),
      providers: [{ provide: 'where', useValue: 'built in' }],
    });
    expect(byFactory.get<unknown>(Users)).toBe('built in');
  });

  it('takes the place of a controller', async () => {
    class ChatController {}
    @Module({ controllers: [ChatController] })
    class AppModule {}

    const fake = {};
    const container = await startContainer(AppModule, {
      overrides: new Map([[ChatController, { useValue: fake }]]),
    });
    expect(container.get(ChatController)).toBe(fake);
  });

  it('takes the place of a module, for those that re-export it too', async () => {
    const db = {};
    @Module({ providers: [{ provide: Db, useValue: db }], exports: [Db] })
    class FakeDbModule {}
    @Module({ imports: [DbModule], exports: [DbModule] })
    class StorageModule {}
    @Module({ imports: [StorageModule], providers: [Users] })
    class AppModule {}

    const container = await startContainer(AppModule, {
      moduleOverrides: new Map([[DbModule, FakeDbModule]]),
    });
    expect(container.get(Users).db).toBe(db);
  });
});

describe('two containers', () => {
  it('share nothing', async () => {
    @Module({ imports: [DbModule], providers: [Users] })
    class AppModule {}

    const [first, second] = await Promise.all([startContainer(AppModule), startContainer(AppModule)]);
    expect(first.get(Users)).not.toBe(second.get(Users));
    expect(first.get(Db)).not.toBe(second.get(Db));
  });
});
