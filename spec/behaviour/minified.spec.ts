import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Child } from '../support/child.ts';
import { Client } from '../support/client.ts';

const ROOT = join(import.meta.dirname, '../..');

let folder: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewire-minified-'));
  bundle = join(folder, 'main.js');
  const command = [
    'build',
    '--minify',
    '--target',
    'bun',
    '--outfile',
    bundle,
    'spec/support/minified/main.ts',
  ];
  const build = Bun.spawn([process.execPath, ...command], { cwd: ROOT, stdout: 'ignore', stderr: 'pipe' });
  if ((await build.exited) !== 0) throw new Error(await new Response(build.stderr).text());
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A client of the application as `bun build --minify` made it. */
async function connect(child: Child, path: string): Promise<Client> {
  return Client.connect((await child.value<string>('url')) + path);
}

describe('an application after bun build --minify', () => {
  it('injects by class identity, checks DTOs, and runs guards, pipes and interceptors', async () => {
    await using child = Child.bun(bundle);
    await using client = await connect(child, '/rooms/7');
    const reply = { id: 1, data: { wrapped: ['HELLO ADA', 7, 1] } };
    expect(await client.request('shout', { name: 'Ada' }, 1)).toEqual(reply);
    expect(await client.request('shout', { name: 1 }, 2)).toMatchObject({
      error: { issues: [{ path: 'name', rule: 'isString' }] },
    });
  });

  it('gives each connection what is its own', async () => {
    await using child = Child.bun(bundle);
    await using one = await connect(child, '/rooms/1');
    await using two = await connect(child, '/rooms/2');
    await one.request('shout', { name: 'x' }, 1);
    expect(await one.request('shout', { name: 'x' }, 2)).toMatchObject({
      data: { wrapped: ['HELLO X', 1, 2] },
    });
    expect(await two.request('shout', { name: 'x' }, 1)).toMatchObject({
      data: { wrapped: ['HELLO X', 2, 1] },
    });
  });

  it('tells exceptions and decorators apart', async () => {
    await using child = Child.bun(bundle);
    await using client = await connect(child, '/rooms/1');
    expect(await client.request('close', null, 1)).toEqual({ id: 1, data: { status: 403 } });
    expect(await client.request('missing', null, 2)).toEqual({ id: 2, data: { status: 404 } });
  });
});
