import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Injectable } from '../../../lib/decorators/injectable.ts';
import { Global, Module } from '../../../lib/decorators/module.ts';
import type { ConfigurationError } from '../../../lib/errors.ts';
import { Container } from '../../../lib/injection/container.ts';
import type { OnModuleDestroy, OnModuleInit } from '../../../lib/injection/lifecycle.ts';
import { Scope } from '../../../lib/injection/scope.ts';
import { startContainer } from './start-container.ts';

const HOOKS = [
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
] as const;

/** An object that logs each of its hooks. */
function logging(name: string, log: string[]): object {
  return Object.fromEntries(
    HOOKS.map(hook => [hook, (signal?: string) => void log.push(`${name}.${hook}${signal ?? ''}`)]),
  );
}

async function run(container: Container): Promise<void> {
  await container.init();
  await container.bootstrap();
  await container.destroy('SIGTERM');
}

describe('lifecycle hooks', () => {
  it('run in the order of NestJS, with the signal at the end', async () => {
    const log: string[] = [];
    @Module({ providers: [{ provide: 'a', useValue: logging('a', log) }] })
    class AppModule {}

    await run(await startContainer(AppModule));
    expect(log).toEqual([
      'a.onModuleInit',
      'a.onApplicationBootstrap',
      'a.onModuleDestroy',
      'a.beforeApplicationShutdownSIGTERM',
      'a.onApplicationShutdownSIGTERM',
    ]);
  });

  it('start with the farthest modules and end with them', async () => {
    const log: string[] = [];
    const provide = (name: string) => [{ provide: name, useValue: logging(name, log) }];
    @Global()
    @Module({ providers: provide('global') })
    class GlobalModule {}
    @Module({ providers: provide('far') })
    class FarModule {}
    @Module({ imports: [FarModule], providers: provide('near') })
    class NearModule {}
    @Module({ imports: [FarModule, NearModule, GlobalModule], providers: provide('app') })
    class AppModule {}

    await run(await startContainer(AppModule));
    const names = (hook: string) =>
      log.filter(entry => entry.includes(hook)).map(entry => entry.split('.')[0]);
    expect(names('onModuleInit')).toEqual(['global', 'far', 'near', 'app']);
    expect(names('onModuleDestroy')).toEqual(['app', 'near', 'far', 'global']);
  });

  it('run first for what others depend on, and last for the module itself', async () => {
    const log: string[] = [];
    class Logged implements OnModuleInit, OnModuleDestroy {
      async onModuleInit(): Promise<void> {
        await Promise.resolve();
        log.push(`init ${this.constructor.name}`);
      }
      onModuleDestroy(): void {
        log.push(`destroy ${this.constructor.name}`);
      }
    }
    class Db extends Logged {}
    @Injectable()
    class Users extends Logged {
      constructor(readonly db: Db) {
        super();
      }
    }
    @Injectable()
    class ChatController extends Logged {
      constructor(readonly users: Users) {
        super();
      }
    }
    @Module({ controllers: [ChatController], providers: [Users, Db] })
    class AppModule extends Logged {}

    const container = await startContainer(AppModule);
    await container.init();
    expect(log.splice(0)).toEqual(['init Db', 'init Users', 'init ChatController', 'init AppModule']);
    await container.destroy();
    expect(log).toEqual(['destroy ChatController', 'destroy Users', 'destroy Db', 'destroy AppModule']);
  });

  it('run once for an object, by however many tokens it is provided', async () => {
    const log: string[] = [];
    class Service {
      onModuleInit(): void {
        log.push('init');
      }
    }
    @Module({
      providers: [
        Service,
        { provide: 'alias', useExisting: Service },
        { provide: 'same', useFactory: (service: Service) => service, inject: [Service] },
      ],
    })
    class AppModule {}

    await run(await startContainer(AppModule));
    expect(log).toEqual(['init']);
  });

  it('run for transient instances of singletons, and not for those of a connection', async () => {
    const log: string[] = [];
    @Injectable({ scope: Scope.TRANSIENT })
    class Log {
      onModuleInit(): void {
        log.push('log');
      }
    }
    @Injectable()
    class Users {
      constructor(readonly log: Log) {}
    }
    @Injectable({ scope: Scope.CONNECTION })
    class Session {
      onModuleInit(): void {
        log.push('session');
      }
    }
    @Module({ providers: [Log, Users, Session] })
    class AppModule {}

    await run(await startContainer(AppModule));
    expect(log).toEqual(['log']);
  });
});

describe('a hook that fails', () => {
  it('at the start is reported with its name, and only what was initialised is shut down', async () => {
    const log: string[] = [];
    const failure = new Error('ECONNREFUSED');
    const first = { ...logging('first', log) };
    const broken = {
      ...logging('broken', log),
      onModuleInit: () => Promise.reject(failure),
    };
    const plain = { onModuleDestroy: () => void log.push('plain.onModuleDestroy') };
    @Module({ providers: [{ provide: 'first', useValue: first }] })
    class FirstModule {}
    @Module({ imports: [FirstModule], providers: [{ provide: 'broken', useValue: broken }] })
    class BrokenModule {}
    @Module({
      imports: [BrokenModule],
      providers: [
        { provide: 'never', useValue: logging('never', log) },
        { provide: 'plain', useValue: plain },
      ],
    })
    class AppModule {}

    const container = await startContainer(AppModule);
    const error: unknown = await container.init().catch((thrown: unknown) => thrown);
    expect((error as ConfigurationError).message).toBe(
      '"broken".onModuleInit(): the hook failed (got Error: ECONNREFUSED). Correct what it does, or catch what may fail there [GATEWIRE_PROVIDER_FAILED]',
    );
    expect((error as ConfigurationError).cause).toBe(failure);
    expect(await container.destroy()).toEqual([]);
    expect(log).toEqual([
      'first.onModuleInit',
      'plain.onModuleDestroy',
      'first.onModuleDestroy',
      'first.beforeApplicationShutdown',
      'first.onApplicationShutdown',
    ]);
  });

  it('at the shutdown stops no other, and is handed back once', async () => {
    const log: string[] = [];
    const failure = new Error('busy');
    const broken = {
      onModuleDestroy: () => {
        throw failure;
      },
    };
    @Module({ providers: [{ provide: 'a', useValue: logging('a', log) }] })
    class ChildModule {}
    @Module({ imports: [ChildModule], providers: [{ provide: 'broken', useValue: broken }] })
    class AppModule {}

    const container = await startContainer(AppModule);
    await container.init();
    const [errors, again] = await Promise.all([container.destroy(), container.destroy()]);
    expect(errors).toEqual([failure]);
    expect(again).toBe(errors);
    expect(log).toEqual([
      'a.onModuleInit',
      'a.onModuleDestroy',
      'a.beforeApplicationShutdown',
      'a.onApplicationShutdown',
    ]);
  });

  it('does not keep a start that failed earlier from being undone', async () => {
    const log: string[] = [];
    const opened = { onModuleDestroy: () => void log.push('closed') };
    @Module({
      providers: [
        { provide: 'pool', useFactory: async () => opened },
        {
          provide: 'broken',
          useFactory: () => {
            throw new Error('no');
          },
        },
      ],
    })
    class AppModule {}

    const container = await Container.create(AppModule);
    await expect(container.instantiate()).rejects.toThrow('"broken" in AppModule: its factory failed');
    expect(await container.destroy()).toEqual([]);
    expect(log).toEqual(['closed']);
  });
});
