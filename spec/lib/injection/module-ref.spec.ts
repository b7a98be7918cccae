import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Injectable } from '../../../lib/decorators/injectable.ts';
import { Module } from '../../../lib/decorators/module.ts';
import { ModuleRef } from '../../../lib/injection/module-ref.ts';
import { Scope } from '../../../lib/injection/scope.ts';
import { startContainer } from './start-container.ts';

@Injectable()
class Db {}

@Injectable({ scope: Scope.TRANSIENT })
class Log {}

@Injectable()
class Users {
  constructor(readonly ref: ModuleRef) {}
}

@Module({ providers: [Db] })
class DbModule {}

@Module({ imports: [DbModule], providers: [Users, Log] })
class AppModule {}

describe('ModuleRef', () => {
  it('gets what its module may inject, and with strict: false what any module has', async () => {
    const { ref, ...rest } = (await startContainer(AppModule)).get(Users);
    expect(rest).toEqual({});
    expect(ref.get(Users).ref).toBe(ref);
    expect(() => ref.get(Db)).toThrow('Db is not available in AppModule.');
    expect(ref.get(Db, { strict: false })).toBeInstanceOf(Db);
  });

  it('resolves transient providers, a new one each time', async () => {
    const { ref } = (await startContainer(AppModule)).get(Users);
    const first = await ref.resolve(Log);
    expect(first).toBeInstanceOf(Log);
    expect(await ref.resolve(Log)).not.toBe(first);
    await expect(ref.resolve(Db)).rejects.toThrow('Db is not available in AppModule.');
    expect(await ref.resolve(Db, { strict: false })).toBeInstanceOf(Db);
  });

  it('creates a class that no module provides', async () => {
    @Injectable()
    class Job {
      constructor(
        readonly users: Users,
        readonly log: Log,
      ) {}
    }
    @Injectable()
    class Impossible {
      constructor(readonly db: Db) {}
    }
    const { ref } = (await startContainer(AppModule)).get(Users);
    const job = await ref.create(Job);
    expect(job.users.ref).toBe(ref);
    expect(await ref.create(Job)).not.toBe(job);
    await expect(ref.create(Impossible)).rejects.toThrow(
      "can't resolve dependencies of Impossible (?): argument Db at index [0] is not available in AppModule (AppModule → Impossible → Db(?)). DbModule has Db but does not export it: add it to its exports",
    );
  });

  it('does not wait for what may be waiting for it', async () => {
    class Selfish {}
    @Injectable()
    class NeedsSelf {
      constructor(readonly self: Selfish) {}
    }
    const useFactory = async (ref: ModuleRef) => {
      await ref.create(NeedsSelf);
      return new Selfish();
    };
    @Module({ providers: [{ provide: Selfish, useFactory, inject: [ModuleRef] }] })
    class SelfishModule {}

    await expect(startContainer(SelfishModule)).rejects.toThrow(
      'Selfish is not created yet. Ask for what needs it in onModuleInit() or later',
    );
  });

  it('says that a provider is not created yet', async () => {
    @Module({
      providers: [
        { provide: 'early', useFactory: (ref: ModuleRef) => ref.get('late'), inject: [ModuleRef] },
        { provide: 'late', useValue: 1 },
      ],
    })
    class EarlyModule {}

    await expect(startContainer(EarlyModule)).rejects.toThrow('"late" is not created yet');
  });
});

describe('Container.get()', () => {
  it('names the nearest tokens when there is no such provider', async () => {
    class User {}
    const container = await startContainer(AppModule);
    expect(() => container.get(User)).toThrow('No module provides User. Did you mean Users?');
    expect(() => container.get('nothing like it')).toThrow('No module provides "nothing like it".');
  });
});
