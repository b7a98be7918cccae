import type { Name } from '../names.ts';

/** The names that a resource goes by. */
export interface ResourceNames {
  /** As it was given, `rooms`. */
  readonly all: Name;
  /** One of them, `room`. */
  readonly one: Name;
}

export function controllerSpecText({ all, one }: ResourceNames): string {
  return `import { describe, expect, it } from 'bun:test';
import { Test } from 'gatewire/testing';
import { ${all.pascal}Module } from './${all.kebab}.module';

describe('${all.pascal}Controller', () => {
  it('makes, finds, changes and removes', async () => {
    await using app = await Test.createTestingModule({ imports: [${all.pascal}Module] }).compile();
    await using client = await app.connect('/${all.kebab}');
    const first = { id: 1, name: 'first' };
    expect(await client.request('create${one.pascal}', { name: 'first' })).toEqual(first);
    expect(await client.request('findAll${all.pascal}')).toEqual([first]);
    expect(await client.request('update${one.pascal}', { id: 1, name: 'other' })).toEqual({ id: 1, name: 'other' });
    expect(await client.request('findOne${one.pascal}', 1)).toEqual({ id: 1, name: 'other' });
    await client.request('remove${one.pascal}', 1);
    expect(await client.request('findAll${all.pascal}')).toEqual([]);
  });

  it('refuses one without a name', async () => {
    await using app = await Test.createTestingModule({ imports: [${all.pascal}Module] }).compile();
    await using client = await app.connect('/${all.kebab}');
    await expect(client.request('create${one.pascal}', {})).rejects.toThrow('name isString');
  });
});
`;
}

export function serviceSpecText({ all, one }: ResourceNames): string {
  return `import { describe, expect, it } from 'bun:test';
import { ${all.pascal}Service } from './${all.kebab}.service';

describe('${all.pascal}Service', () => {
  it('gives each ${one.kebab} an id of its own', () => {
    const service = new ${all.pascal}Service();
    const ids = [service.create({ name: 'a' }).id, service.create({ name: 'b' }).id];
    expect(new Set(ids).size).toBe(2);
  });

  it('does not find what is not there', () => {
    expect(() => new ${all.pascal}Service().findOne(1)).toThrow('No ${one.kebab} has the id 1');
  });
});
`;
}
