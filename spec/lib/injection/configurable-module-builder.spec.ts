import 'reflect-metadata';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Inject, Injectable } from '../../../lib/decorators/injectable.ts';
import { Module } from '../../../lib/decorators/module.ts';
import { ConfigurableModuleBuilder } from '../../../lib/injection/configurable-module-builder.ts';
import type { DynamicModule } from '../../../lib/injection/module-metadata.ts';
import { mistakesOf, startContainer } from './start-container.ts';

interface CacheOptions {
  readonly ttl: number;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<CacheOptions>({
    moduleName: 'AppCache',
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createOptions')
    .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();

@Injectable()
class Cache {
  constructor(@Inject(MODULE_OPTIONS_TOKEN) readonly options: CacheOptions) {}
}

@Module({ providers: [Cache], exports: [Cache] })
class CacheModule extends ConfigurableModuleClass {
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    // biome-ignore lint/complexity/noThisInStatic: with super, `this` stays CacheModule
    return super.forRoot(options);
  }
}

@Injectable()
class CacheOptionsMaker {
  createOptions(): CacheOptions {
    return { ttl: 7 };
  }
}

async function ttlOf(cacheModule: DynamicModule): Promise<number> {
  @Module({ imports: [cacheModule] })
  class AppModule {}
  return (await startContainer(AppModule)).get(Cache).options.ttl;
}

describe('ConfigurableModuleBuilder', () => {
  it('writes a method that takes the options, without the extras', async () => {
    const cacheModule = CacheModule.forRoot({ ttl: 5, isGlobal: true });
    expect(cacheModule).toMatchObject({
      module: CacheModule,
      global: true,
      providers: [{ provide: 'APP_CACHE_MODULE_OPTIONS', useValue: { ttl: 5 } }],
    });
    expect(CacheModule.forRoot({ ttl: 5 }).global).toBe(false);
    expect(await ttlOf(cacheModule)).toBe(5);
    expectTypeOf<typeof OPTIONS_TYPE>().toEqualTypeOf<CacheOptions & Partial<{ isGlobal: boolean }>>();
  });

  it('writes a method that takes them from a factory, a class or a provider', async () => {
    @Module({
      providers: [CacheOptionsMaker, { provide: 'TTL', useValue: 9 }],
      exports: [CacheOptionsMaker, 'TTL'],
    })
    class ConfigModule {}

    const imports = [ConfigModule];
    const useFactory = async (ttl: number) => ({ ttl });
    expect(await ttlOf(CacheModule.forRootAsync({ imports, inject: ['TTL'], useFactory }))).toBe(9);
    expect(await ttlOf(CacheModule.forRootAsync({ useClass: CacheOptionsMaker }))).toBe(7);
    expect(await ttlOf(CacheModule.forRootAsync({ imports, useExisting: CacheOptionsMaker }))).toBe(7);
    expect(CacheModule.forRootAsync({ useFactory, isGlobal: true }).global).toBe(true);
  });

  it('leaves options from nowhere to be reported at start', async () => {
    @Module({ imports: [CacheModule.forRootAsync({})] })
    class AppModule {}

    const [mistake] = await mistakesOf(AppModule);
    expect(mistake?.what).toBe('"APP_CACHE_MODULE_OPTIONS" is provided in 0 ways');
  });

  it('has a token of its own, and register() as its method, when nothing is said', async () => {
    const first = new ConfigurableModuleBuilder<CacheOptions>().build();
    const second = new ConfigurableModuleBuilder<CacheOptions>().build();
    expect(first.MODULE_OPTIONS_TOKEN).not.toBe(second.MODULE_OPTIONS_TOKEN);
    @Module({})
    class PlainModule extends first.ConfigurableModuleClass {}

    const container = await startContainer(PlainModule.register({ ttl: 1 }));
    expect(container.get(first.MODULE_OPTIONS_TOKEN)).toEqual({ ttl: 1 });
  });
});
