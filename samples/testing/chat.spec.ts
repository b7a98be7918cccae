// Run it with "bun test samples/testing", or with vitest.
import { Test, type TestingApplication } from 'gatewire/testing';
import { describe, expect, it } from 'vitest';
import { ChatModule, Clock, TicketOffice } from './chat.ts';

const NOON = '2026-01-01T12:00:00.000Z';

function startChat(): Promise<TestingApplication> {
  return Test.createTestingModule({ imports: [ChatModule] })
    .overrideProvider(Clock)
    .useValue({ now: () => new Date(NOON) })
    .compile();
}

function enter(app: TestingApplication, room: string) {
  return app.connect(`/chat/${room}?ticket=${app.get(TicketOffice).sell()}`);
}

describe('the door', () => {
  it('refuses whoever has no ticket', async () => {
    await using app = await startChat();
    await expect(app.connect('/chat/blue')).rejects.toMatchObject({
      status: 403,
      body: { code: 'forbidden', message: 'This ticket is not valid' },
    });
  });

  it('lets somebody in once with a ticket', async () => {
    await using app = await startChat();
    const path = `/chat/blue?ticket=${app.get(TicketOffice).sell()}`;
    await using _client = await app.connect(path);
    await expect(app.connect(path)).rejects.toMatchObject({ status: 403 });
  });

  it('needs no ticket where the test puts another office in its place', async () => {
    await using app = await Test.createTestingModule({ imports: [ChatModule] })
      .overrideProvider(TicketOffice)
      .useValue({ take: () => true })
      .compile();
    await using client = await app.connect('/chat/blue');
    expect(await client.request('say', { text: 'hi' })).toMatchObject({ text: 'hi' });
  });
});

describe('a room', () => {
  it('hears what somebody says in it', async () => {
    await using app = await startChat();
    await using ada = await enter(app, 'blue');
    await using grace = await enter(app, 'blue');
    expect(await ada.request('say', { text: 'hi' })).toEqual({ text: 'hi', at: NOON });
    expect(await grace.nextEvent('said')).toEqual({ text: 'hi', at: NOON });
  });

  it('hears nothing of another one', async () => {
    await using app = await startChat();
    await using ada = await enter(app, 'blue');
    await using other = await enter(app, 'red');
    await ada.request('say', { text: 'hi' });
    // Whatever "hi" had sent here would be here before this reply.
    await other.request('say', { text: 'anybody?' });
    expect(other.untaken).toEqual([]);
  });

  it('refuses a text that is too long', async () => {
    await using app = await startChat();
    await using ada = await enter(app, 'blue');
    await expect(ada.request('say', { text: 'x'.repeat(201) })).rejects.toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'text', rule: 'maxLength' }],
    });
  });
});
