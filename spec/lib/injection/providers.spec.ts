import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Inject, Injectable, Optional } from '../../../lib/decorators/injectable.ts';
import { Module } from '../../../lib/decorators/module.ts';
import { startContainer } from './start-container.ts';

@Injectable()
class Logger {}

@Injectable()
class Db {
  constructor(readonly logger: Logger) {}
}

class Config {
  constructor(readonly url: string) {}
}

describe('a class provider', () => {
  it('gets the classes its constructor names, one instance of each', async () => {
    @Injectable()
    class Users {
      constructor(
        readonly db: Db,
        readonly logger: Logger,
      ) {}
    }
    @Module({ providers: [Users, Db, Logger] })
    class AppModule {}

    const container = await startContainer(AppModule);
    const users = container.get(Users);
    expect(users.db).toBe(container.get(Db));
    expect(users.db.logger).toBe(users.logger);
  });

  it('is made from another class with useClass', async () => {
    class FakeLogger extends Logger {}
    @Module({ providers: [Db, { provide: Logger, useClass: FakeLogger }] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Db).logger).toBeInstanceOf(FakeLogger);
  });

  it('takes the parent constructor when a subclass has none', async () => {
    @Injectable()
    class PostgresDb extends Db {}
    @Module({ providers: [PostgresDb, Logger] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(PostgresDb).logger).toBe(container.get(Logger));
  });

  it('is not awaited for having a then()', async () => {
    @Injectable()
    class Query {
      // biome-ignore lint/suspicious/noThenProperty: query builders have one
      then(): never {
        throw new Error('awaited');
      }
    }
    @Injectable()
    class Report {
      constructor(readonly query: Query) {}
    }
    @Module({ providers: [Query, Report] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Report).query).toBe(container.get(Query));
  });

  it('is told apart from another class of the same name', async () => {
    const first = { Logger: class Logger {} }.Logger;
    const second = { Logger: class Logger {} }.Logger;
    @Module({ providers: [first, second] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(first)).toBeInstanceOf(first);
    expect(container.get(second)).toBeInstanceOf(second);
  });
});

describe('a value, a factory and an alias', () => {
  it('provide strings and symbols as well as classes', async () => {
    const LIMIT = Symbol('limit');
    @Module({
      providers: [
        { provide: 'URL', useValue: 'redis://a' },
        { provide: LIMIT, useValue: undefined },
        { provide: Config, useFactory: (url: string) => new Config(url), inject: ['URL'] },
        { provide: 'CONFIG', useExisting: Config },
      ],
    })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Config).url).toBe('redis://a');
    expect(container.get('CONFIG')).toBe(container.get(Config));
    expect(container.get(LIMIT)).toBeUndefined();
  });

  it('are awaited when they are promises, side by side and each once', async () => {
    const calls: string[] = [];
    const release = Promise.withResolvers<void>();
    const connect = (name: string) => async () => {
      calls.push(name);
      if (calls.length === 2) release.resolve();
      await release.promise;
      return name;
    };
    @Module({
      providers: [
        { provide: 'a', useFactory: connect('a') },
        { provide: 'b', useFactory: connect('b') },
        { provide: 'c', useValue: Promise.resolve('c') },
        { provide: 'all', useFactory: (...all: string[]) => all.join(), inject: ['a', 'b', 'c', 'a'] },
      ],
    })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get('all')).toBe('a,b,c,a');
    expect(calls).toEqual(['a', 'b']);
  });

  it('get undefined for an optional token that nobody provides', async () => {
    const read = (...values: unknown[]) => values;
    @Module({
      providers: [
        { provide: 'values', useFactory: read, inject: [{ token: 'missing', optional: true }, Logger] },
        Logger,
      ],
    })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get('values')).toEqual([undefined, container.get(Logger)]);
  });

  it('replace an earlier provider of their token in the module', async () => {
    @Module({
      providers: [
        { provide: 'port', useValue: 1 },
        { provide: 'port', useValue: 2 },
      ],
    })
    class AppModule {}

    expect((await startContainer(AppModule)).get('port')).toBe(2);
  });
});

describe('@Inject and @Optional', () => {
  it('name a token for a parameter or a property', async () => {
    @Injectable()
    class Mailer {
      @Inject('FROM') readonly from!: string;
      @Inject() readonly logger!: Logger;

      constructor(
        @Inject('HOST') readonly host: string,
        @Optional() @Inject('PORT') readonly port = 25,
      ) {}
    }
    @Module({
      providers: [Mailer, Logger, { provide: 'FROM', useValue: 'ada' }, { provide: 'HOST', useValue: 'mx' }],
    })
    class AppModule {}

    const container = await startContainer(AppModule);
    const mailer = container.get(Mailer);
    expect(mailer).toMatchObject({ from: 'ada', host: 'mx', port: 25 });
    expect(mailer.logger).toBe(container.get(Logger));
  });

  it('keep what an optional property was initialised with', async () => {
    @Injectable()
    class Mailer {
      @Optional() @Inject('RETRIES') retries = 3;
    }
    @Module({ providers: [Mailer] })
    class AppModule {}

    expect((await startContainer(AppModule)).get(Mailer).retries).toBe(3);
  });

  it('leave the parent alone when a subclass injects a property of its own', async () => {
    @Injectable()
    class Parent {
      @Inject('a') a!: string;
    }
    @Injectable()
    class Child extends Parent {
      @Inject('b') b!: string;
    }
    @Module({ providers: [Parent, Child, { provide: 'a', useValue: 'A' }, { provide: 'b', useValue: 'B' }] })
    class AppModule {}

    const container = await startContainer(AppModule);
    expect(container.get(Child)).toMatchObject({ a: 'A', b: 'B' });
    expect(container.get(Parent)).not.toHaveProperty('b');
  });
});
