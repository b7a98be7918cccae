import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Inject, Injectable, Optional } from '../../../lib/decorators/injectable.ts';
import { Global, Module } from '../../../lib/decorators/module.ts';
import { Scope } from '../../../lib/injection/scope.ts';
import { forwardRef } from '../../../lib/injection/token.ts';
import { startContainer } from './start-container.ts';

class Db {}

describe('our decorators', () => {
  it("write NestJS's metadata", () => {
    const reference = forwardRef(() => Db);
    @Injectable({ scope: Scope.TRANSIENT })
    class Users {
      @Optional() @Inject('from') readonly from?: string;
      @Inject() readonly db!: Db;
      constructor(
        @Inject(reference) readonly first: Db,
        @Optional() @Inject() readonly second: Db,
      ) {}
    }
    @Global()
    @Module({ imports: [], providers: [Users], controllers: [Db], exports: ['a'] })
    class AppModule {}

    const read = (type: object, keys: readonly string[]) =>
      Object.fromEntries(keys.map(key => [key, Reflect.getOwnMetadata(key, type)]));
    expect(read(Users, ['__injectable__', 'scope:options', 'optional:paramtypes'])).toEqual({
      __injectable__: true,
      'scope:options': { scope: 1 },
      'optional:paramtypes': [1],
    });
    expect(
      read(Users, ['self:paramtypes', 'self:properties_metadata', 'optional:properties_metadata']),
    ).toEqual({
      'self:paramtypes': [
        { index: 1, param: Db },
        { index: 0, param: reference },
      ],
      'self:properties_metadata': [
        { key: 'from', type: 'from' },
        { key: 'db', type: Db },
      ],
      'optional:properties_metadata': ['from'],
    });
    expect(read(AppModule, ['imports', 'providers', 'controllers', 'exports', '__module:global__'])).toEqual({
      imports: [],
      providers: [Users],
      controllers: [Db],
      exports: ['a'],
      '__module:global__': true,
    });
  });
});

describe("NestJS's own metadata", () => {
  it('is read as ours', async () => {
    class Users {
      readonly from: string | undefined;
      constructor(
        readonly db: unknown,
        readonly port = 25,
      ) {}
    }
    class AppModule {}
    Reflect.defineMetadata('design:paramtypes', [Object, Number], Users);
    Reflect.defineMetadata('self:paramtypes', [{ index: 0, param: { forwardRef: () => Db } }], Users);
    Reflect.defineMetadata('optional:paramtypes', [1], Users);
    Reflect.defineMetadata('self:properties_metadata', [{ key: 'from', type: 'FROM' }], Users);
    Reflect.defineMetadata('scope:options', undefined, Users);
    Reflect.defineMetadata('providers', [Users, Db, { provide: 'FROM', useValue: 'ada' }], AppModule);

    const container = await startContainer(AppModule);
    expect(container.get(Users)).toMatchObject({ port: 25, from: 'ada' });
    expect(container.get(Users).db).toBe(container.get(Db));
  });
});
