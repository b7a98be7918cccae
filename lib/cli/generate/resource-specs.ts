import type { Name } from '../names.ts';
import { EVENTS_CLIENT } from '../spec-client.ts';

/** The names that a resource goes by. */
export interface ResourceNames {
  /** As it was given, `rooms`. */
  readonly all: Name;
  /** One of them, `room`. */
  readonly one: Name;
}

export function controllerSpecText({ all, one }: ResourceNames): string {
  return `import { describe, expect, it } from 'bun:test';
import { createApplication } from 'gatewire';
import { ${all.pascal}Module } from './${all.kebab}.module';

describe('${all.pascal}Controller', () => {
  it('makes, finds, changes and removes', async () => {
    await using app = await createApplication(${all.pascal}Module, { logger: false });
    await app.listen(0);
    const request = await connect(\`\${app.url}/${all.kebab}\`);
    const first = { id: 1, name: 'first' };
    expect(await request('create${one.pascal}', { name: 'first' })).toEqual(first);
    expect(await request('findAll${all.pascal}')).toEqual([first]);
    expect(await request('update${one.pascal}', { id: 1, name: 'other' })).toEqual({ id: 1, name: 'other' });
    expect(await request('findOne${one.pascal}', 1)).toEqual({ id: 1, name: 'other' });
    await request('remove${one.pascal}', 1);
    expect(await request('findAll${all.pascal}')).toEqual([]);
  });

  it('refuses one without a name', async () => {
    await using app = await createApplication(${all.pascal}Module, { logger: false });
    await app.listen(0);
    const request = await connect(\`\${app.url}/${all.kebab}\`);
    expect(request('create${one.pascal}', {})).rejects.toThrow('validation_failed');
  });
});

${EVENTS_CLIENT}`;
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
