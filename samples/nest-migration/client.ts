// What the clients of the chat do and hear, the same before and after: bun samples/nest-migration/client.ts <url>
const url = (process.argv[2] ?? 'http://localhost:3000').replace(/^http/, 'ws');

interface Frame {
  readonly event: string;
  readonly data: unknown;
}

/** Connects, and prints what it hears when it is asked for it. */
async function enter(who: string) {
  const socket = new WebSocket(`${url}/chat?room=blue&token=token-${who}`);
  const heard: Frame[] = [];
  let wake: () => void = () => {};
  socket.addEventListener('message', ({ data }) => {
    heard.push(JSON.parse(data));
    wake();
  });
  await new Promise<unknown>(resolve => socket.addEventListener('open', resolve, { once: true }));
  return {
    send: (event: string, data?: unknown) => socket.send(JSON.stringify({ event, data })),
    async hears(name: string) {
      while (heard.length === 0) await new Promise<void>(resolve => (wake = resolve));
      const { event, data } = heard.shift() as Frame;
      const { message } = data as { message?: string };
      console.log(`${who} ${event} ${event === 'exception' ? message : JSON.stringify(data)}`);
      if (event !== name) throw new Error(`${who} waited for ${name}`);
    },
    leave: () => socket.close(),
  };
}

const ada = await enter('ada');
const bob = await enter('bob');
await ada.hears('joined');

ada.send('say', { text: 'hello', isAdmin: true });
await ada.hears('said');
await bob.hears('message');

bob.send('say', { text: 7 });
await bob.hears('exception');

bob.send('say', { text: 'hi' });
await bob.hears('said');
await ada.hears('message');

ada.send('history', { count: 1 });
await ada.hears('history');

ada.send('replay');
await ada.hears('replayed');
await ada.hears('replayed');

bob.leave();
await ada.hears('left');
ada.leave();

const stranger = new WebSocket(`${url}/chat?room=blue&token=stolen`);
await new Promise<unknown>(resolve => stranger.addEventListener('close', resolve, { once: true }));
console.log('the stranger is outside');

export {};
