import { describe, expect, it } from 'vitest';
import { Inject, Injectable, Optional } from '../../../lib/decorators/injectable.ts';
import { Module } from '../../../lib/decorators/module.ts';
import type { Container, ContainerOptions } from '../../../lib/injection/container.ts';
import { ModuleRef } from '../../../lib/injection/module-ref.ts';
import type { ProviderOverride } from '../../../lib/injection/provider.ts';
import { Scope } from '../../../lib/injection/scope.ts';
import type { Token, Type } from '../../../lib/injection/token.ts';
import { mistakesOf, startContainer } from './start-container.ts';

@Injectable()
class Db {
  readonly isReal: boolean = true;
}

@Injectable()
class Users {
  constructor(readonly db: Db) {}
}

class FakeDb extends Db {
  override readonly isReal = false;
}

function overriding(token: Token, override: ProviderOverride): ContainerOptions {
  return { overrides: new Map([[token, override]]) };
}

function moduleOf(parts: NonNullable<Parameters<typeof Module>[0]>): Type {
  @Module(parts)
  class AppModule {}
  return AppModule;
}

describe('an override', () => {
  it('applies to a class that a controller names', async () => {
    class Guard {
      readonly isReal: boolean = true;
    }
    class ChatController {}
    const fake = { isReal: false };
    const container = await startContainer(moduleOf({ controllers: [ChatController] }), {
      ...overriding(Guard, { useValue: fake }),
      injectablesOf: () => [Guard],
    });
    const [{ module } = { module: undefined }] = container.controllers;
    expect(module && container.instance<unknown>(Guard, module)).toBe(fake);
  });

  it('applies to a class behind a token of which all are kept, and to no other one of it', async () => {
    class Roles {
      readonly isReal = true;
    }
    class Limits {}
    const container = await startContainer(
      moduleOf({
        providers: [
          { provide: 'APP_GUARD', useClass: Roles },
          { provide: 'APP_GUARD', useClass: Limits },
        ],
      }),
      { ...overriding(Roles, { useClass: FakeDb }), collectedTokens: ['APP_GUARD'] },
    );
    const [roles, limits] = container.collected('APP_GUARD').map(({ token }) => container.get(token));
    expect(roles).toBeInstanceOf(FakeDb);
    expect(limits).toBeInstanceOf(Limits);
  });

  it('applies to what ModuleRef.create() makes, wherever the class is provided', async () => {
    const made = await create(Users, {
      ...overriding(Users, { useFactory: db => ({ db, isMade: true }), inject: [Db] }),
    });
    expect(made).toEqual({ db: new Db(), isMade: true });
    expect(await create(Users, overriding(Users, { useClass: FakeDb }))).toBeInstanceOf(FakeDb);
    expect(await create(Users)).toBeInstanceOf(Users);
  });

  it('keeps the scope that its class or factory says', async () => {
    const container = await startContainer(
      moduleOf({ providers: [Db] }),
      overriding(Db, { useClass: FakeDb, scope: Scope.TRANSIENT }),
    );
    expect(await container.resolve(Db)).not.toBe(await container.resolve(Db));
  });

  it('says that it is wrong itself', async () => {
    const wrong = overriding(Db, { useClass: 'FakeDb' } as unknown as ProviderOverride);
    expect(await mistakesOf(moduleOf({ providers: [Db] }), wrong)).toEqual([
      expect.objectContaining({
        code: 'GATEWIRE_INVALID_PROVIDER',
        where: 'override of AppModule providers[0]',
        got: '"FakeDb"',
      }),
    ]);
  });
});

/** What `ModuleRef.create()` makes in a module that provides `Db` and `Users`. */
async function create(type: Type, options: ContainerOptions = {}): Promise<unknown> {
  const container: Container = await startContainer(moduleOf({ providers: [Db, Users] }), options);
  return container.get(ModuleRef).create(type);
}

describe('an override of something that is not there', () => {
  const wrong = (token: Token, root: Type) => mistakesOf(root, overriding(token, { useValue: {} }));

  it('is a mistake that names the nearest names', async () => {
    class User {}
    const [mistake] = await wrong(User, moduleOf({ providers: [Db, Users] }));
    expect(mistake).toEqual({
      code: 'GATEWIRE_UNKNOWN_OVERRIDE',
      where: 'override of User',
      what: 'no module provides User, and no controller names it',
      fix: 'Did you mean Users?',
    });
  });

  it('says which token its class is provided as', async () => {
    const [mistake] = await wrong(Db, moduleOf({ providers: [{ provide: 'DB', useClass: Db }] }));
    expect(mistake?.fix).toBe('AppModule provides it as "DB": override that');
  });

  it('says that the same name is that of another class', async () => {
    const namesake = class Db {};
    const [mistake] = await wrong(namesake, moduleOf({ providers: [Db] }));
    expect(mistake?.fix).toBe('AppModule has another Db: import both from the same file');
  });

  it('says that it is a module', async () => {
    const root = moduleOf({});
    expect((await wrong(root, root))[0]?.fix).toBe('AppModule is a module: override it as one');
  });

  it('says what to do when nothing is near', async () => {
    const [mistake] = await wrong(Symbol('clock'), moduleOf({ providers: [Db] }));
    expect(mistake?.fix).toBe(
      'Import the module that provides Symbol(clock) into the test, or take the override out',
    );
  });

  it('is a mistake for a module too', async () => {
    @Module({})
    class AppModul {}
    @Module({})
    class Distant {}
    const moduleOverrides = new Map<Type, Type>([
      [AppModul, Distant],
      [Distant, AppModul],
    ]);
    const mistakes = await mistakesOf(moduleOf({}), { moduleOverrides });
    expect(mistakes.map(({ where, fix }) => [where, fix])).toEqual([
      ['override of AppModul', 'Did you mean AppModule?'],
      ['override of Distant', 'Import Distant into the test, or take the override out'],
    ]);
  });

  it('is not looked for while a module could not be read', async () => {
    const root = moduleOf({ imports: [undefined as unknown as Type] });
    expect((await wrong(Db, root)).map(({ code }) => code)).toEqual(['GATEWIRE_INVALID_MODULE']);
  });
});

describe('a mocker', () => {
  @Injectable()
  class Report {
    constructor(
      readonly users: Users,
      readonly db: Db,
      @Inject('clock') readonly clock: unknown,
      @Optional() @Inject('zone') readonly zone: unknown,
    ) {}
  }

  it('makes what no module provides, once a token, and nothing else', async () => {
    const asked: Token[] = [];
    const mocker = (token: Token) => {
      asked.push(token);
      return token === 'clock' ? Promise.resolve('noon') : { token };
    };
    @Module({ providers: [Report] })
    class FirstModule {}
    const other = moduleOf({
      imports: [FirstModule],
      providers: [Report, { provide: Db, useClass: FakeDb }],
    });
    const container = await startContainer(other, { mocker });
    const report = container.get(Report);
    expect(report.db).toBeInstanceOf(FakeDb);
    expect([report.users, report.clock, report.zone]).toEqual([{ token: Users }, 'noon', undefined]);
    expect(container.get(Users)).toBe(report.users);
    expect(asked).toEqual([Users, 'clock', Db]);
  });

  it('leaves a mistake what it makes nothing for', async () => {
    const mistakes = await mistakesOf(moduleOf({ providers: [Users] }), { mocker: () => undefined });
    expect(mistakes.map(({ code }) => code)).toEqual(['GATEWIRE_MISSING_PROVIDER']);
  });
});
