import { Module } from '../decorators/module.ts';
import type { ModuleMetadata } from '../injection/module-metadata.ts';
import { TestingModuleBuilder } from './testing-module-builder.ts';

/** Where a test begins. */
export const Test = {
  /**
   * Takes the same parts as `@Module()`: what the test needs of the application, most often one module of it.
   *
   * @example
   * ```ts
   * await using app = await Test.createTestingModule({ imports: [ChatModule] })
   *   .overrideProvider(Clock)
   *   .useValue({ now: () => 0 })
   *   .compile();
   * await using client = await app.connect('/chat/blue?name=Ada');
   * expect(await client.request('say', { text: 'hi' })).toEqual({ at: 0 });
   * ```
   */
  createTestingModule(metadata: ModuleMetadata): TestingModuleBuilder {
    class RootTestModule {}
    Module(metadata)(RootTestModule);
    return new TestingModuleBuilder(RootTestModule);
  },
};
