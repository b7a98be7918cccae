// Sends one good order and then one for each mistake, and prints every frame with its answer.
const good = {
  email: 'ada@example.com',
  address: { street: '12 Engine Row', postcode: '10115', country: 'DE' },
  items: [{ article: 'COG-001', quantity: 2 }],
};

const orders: Record<string, unknown> = {
  'a good order': good,
  'an unknown property is stripped, wherever it is': {
    ...good,
    isPaid: true,
    address: { ...good.address, x: 1 },
  },
  'no data': undefined,
  'a list instead of an object': [good],
  'a missing property': { ...good, email: undefined },
  'a nested object is missing': { ...good, address: undefined },
  'a property of a nested object': { ...good, address: { ...good.address, postcode: 'W1', country: 'UK' } },
  'a text instead of a nested object': { ...good, address: '12 Engine Row' },
  'an empty list': { ...good, items: [] },
  'an element of a list': { ...good, items: [...good.items, { article: 'cog', quantity: 0 }] },
  'a number as text is no number': { ...good, items: [{ article: 'COG-001', quantity: '2' }] },
  'null in a list': { ...good, items: [null] },
  'a list of texts with a number': { ...good, notes: ['by the back door', 7] },
};

const url = process.argv[2] ?? 'http://localhost:3000';
const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/orders`);
await new Promise((resolve, reject) => {
  socket.addEventListener('open', resolve);
  socket.addEventListener('error', () => reject(new Error(`${url} cannot be reached: start main.ts first`)));
});

let id = 0;
for (const [about, data] of Object.entries(orders)) {
  const frame = JSON.stringify({ event: 'order', data, id: ++id });
  console.log(`\n# ${about}\n→ ${frame}\n← ${await answerTo(frame)}`);
}
console.log(`\n# a frame that is no envelope\n→ order!\n← ${await answerTo('order!')}`);
socket.close();

function answerTo(frame: string): Promise<string> {
  const answer = new Promise<string>(resolve => {
    socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true });
  });
  socket.send(frame);
  return answer;
}

export {};
