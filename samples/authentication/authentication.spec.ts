// Run it with "bun test samples/authentication", or with vitest.
import { Test, type TestingApplication } from 'gatewire/testing';
import { describe, expect, it } from 'vitest';
import { Audit, NoticesModule } from './notices.ts';
import { type Member, type Role, Sessions, Tokens } from './tokens.ts';

function start(): Promise<TestingApplication> {
  return Test.createTestingModule({ imports: [NoticesModule] }).compile();
}

function member(name: string, ...roles: Role[]): Member {
  return { id: name, name, roles };
}

function bearer(token: string) {
  return { headers: { authorization: `Bearer ${token}` } };
}

function enter(app: TestingApplication, who: Member) {
  return app.connect('/notices', bearer(app.get(Tokens).sign(who)));
}

describe('the upgrade', () => {
  it('takes the cookie of a session', async () => {
    await using app = await start();
    const cookie = `session=${app.get(Sessions).begin(member('ada'))}`;
    await using client = await app.connect('/notices', { headers: { cookie } });
    expect(await client.request('list')).toEqual([]);
  });

  it('takes a bearer token', async () => {
    await using app = await start();
    await using client = await enter(app, member('ada'));
    expect(await client.request('list')).toEqual([]);
  });

  it.each<[string, (tokens: Tokens) => Record<string, string>]>([
    ['nothing', () => ({})],
    ['a session that is none', () => ({ cookie: 'session=guessed' })],
    ['a token that is none', () => ({ authorization: 'Bearer guessed' })],
    ['a token that expired', tokens => bearer(tokens.sign(member('ada'), Date.now() - 1)).headers],
    ['a token whose roles were changed', tokens => bearer(forged(tokens)).headers],
    ['a token of another server', () => bearer(new Tokens().sign(member('ada'))).headers],
  ])('refuses %s with 401', async (_name, headersOf) => {
    await using app = await start();
    const connecting = app.connect('/notices', { headers: headersOf(app.get(Tokens)) });
    await expect(connecting).rejects.toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

describe('an event', () => {
  it('is for the roles that it names', async () => {
    await using app = await start();
    await using editor = await enter(app, member('ada', 'editor'));
    await using reader = await enter(app, member('grace'));
    const notice = { id: 1, text: 'Tea at five', by: 'ada' };
    expect(await editor.request('pin', { text: 'Tea at five' })).toEqual(notice);
    expect(await reader.request('list')).toEqual([notice]);
    await expect(reader.request('pin', { text: 'Mine' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(editor.request('remove', { id: 1 })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is refused before its data is looked at', async () => {
    await using app = await start();
    await using reader = await enter(app, member('grace'));
    await expect(reader.request('remove', { id: 'none' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is noted with who sent it', async () => {
    await using app = await start();
    await using ada = await enter(app, member('ada', 'editor'));
    await using root = await enter(app, member('root', 'admin'));
    await ada.request('pin', { text: 'Tea at five' });
    await root.request('remove', { id: 1 });
    expect(app.get(Audit).lines).toEqual(['ada pin #1', 'root remove #1']);
  });
});

describe('a connection', () => {
  it('is closed with 4401 by the first message after its member has signed out', async () => {
    await using app = await start();
    const session = app.get(Sessions).begin(member('ada', 'editor'));
    await using client = await app.connect('/notices', { headers: { cookie: `session=${session}` } });
    await client.request('list');
    app.get(Sessions).end(session);
    client.emit('pin', { text: 'Still here' });
    expect(await client.closed()).toMatchObject({ code: 4401, reason: 'Sign in first' });
    expect(app.get(Audit).lines).toEqual([]);
  });
});

/** The signature of one token under the payload of another. */
function forged(tokens: Tokens): string {
  const [, signature] = tokens.sign(member('grace')).split('.');
  const [payload] = tokens.sign(member('grace', 'admin')).split('.');
  return `${payload}.${signature}`;
}
