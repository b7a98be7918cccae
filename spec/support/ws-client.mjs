// Run under Node by behaviour/interop.spec.ts: does what COMMANDS says with npm's `ws`, and writes what it saw.
import { WebSocket } from 'ws';

const DEADLINE = 5000;
const url = process.env.URL;

function connect(path, protocols = [], options = {}) {
  return new WebSocket(url + path, protocols, options);
}

/** The first time an emitter emits, its arguments. */
function once(emitter, event) {
  return new Promise((resolve, reject) => {
    emitter.once(event, (...args) => resolve(args));
    if (event !== 'error') emitter.once('error', reject);
  });
}

async function opened(path, protocols, options) {
  const socket = connect(path, protocols, options);
  await once(socket, 'open');
  return socket;
}

/** Sends one message and gives the next one. */
async function exchange(socket, message, options = {}) {
  const answered = once(socket, 'message');
  socket.send(message, options);
  const [data, isBinary] = await answered;
  return isBinary ? { bytes: [...data] } : data.toString();
}

async function closed(socket) {
  const [code, reason] = await once(socket, 'close');
  return { code, reason: reason.toString() };
}

async function refused(path, options) {
  const socket = connect(path, [], options);
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body: JSON.parse(body) };
}

const commands = {
  async text() {
    const socket = await opened('/plain');
    const texts = ['hello', '', 'é€😀', 'x'.repeat(65_536)];
    const echoes = [];
    for (const text of texts) echoes.push((await exchange(socket, text)) === text);
    socket.close();
    return { echoes, extensions: socket.extensions, protocol: socket.protocol, ...(await closed(socket)) };
  },

  async binary() {
    const socket = await opened('/plain');
    const empty = await exchange(socket, new Uint8Array(0));
    const few = await exchange(socket, new Uint8Array([0, 127, 128, 255]));
    const many = await exchange(socket, Buffer.alloc(65_536, 7));
    socket.close();
    return { empty, few, many: many.bytes.length };
  },

  async ids() {
    const socket = await opened('/events');
    const frames = [];
    for (const id of [1, 'two', 0]) {
      frames.push(JSON.parse(await exchange(socket, JSON.stringify({ event: 'double', data: 21, id }))));
    }
    frames.push(JSON.parse(await exchange(socket, JSON.stringify({ event: 'double', data: 21 }))));
    frames.push(JSON.parse(await exchange(socket, JSON.stringify({ event: 'double', data: 'x', id: 4 }))));
    socket.close();
    return frames;
  },

  async subprotocol() {
    const socket = await opened('/spoken', ['v1', 'v2']);
    const { protocol } = socket;
    socket.close();
    return { protocol, unknown: await refused('/spoken', { headers: { 'Sec-WebSocket-Protocol': 'v9' } }) };
  },

  async unselectedSubprotocol() {
    const socket = connect('/plain', ['v1']);
    const [error] = await once(socket, 'error');
    return error.message;
  },

  async pingFromClient() {
    const socket = await opened('/control');
    const answered = once(socket, 'pong');
    socket.ping('from the client');
    const [data] = await answered;
    socket.close();
    return data.toString();
  },

  async pingFromServer() {
    const socket = await opened('/control');
    const pinged = once(socket, 'ping');
    const answered = once(socket, 'message');
    socket.send('ping me');
    const [data] = await pinged;
    const [seen] = await answered;
    socket.close();
    return { ping: data.toString(), ponged: seen.toString() };
  },

  async pongFromServer() {
    const socket = await opened('/control');
    const ponged = once(socket, 'pong');
    socket.send('pong me');
    const [data] = await ponged;
    socket.close();
    return data.toString();
  },

  async closeFromClient() {
    const seen = [];
    for (const [code, reason] of [[4001, 'é reason'], [1000, ''], [3000, 'x'.repeat(123)], []]) {
      const socket = await opened('/plain');
      socket.close(code, reason);
      seen.push(await closed(socket));
    }
    const socket = await opened('/plain');
    socket.terminate();
    await closed(socket);
    return seen;
  },

  async closeFromServer() {
    const seen = [];
    for (const how of ['close 1000 ', 'close 1011 é reason', 'close 4999 bye', 'terminate']) {
      const socket = await opened('/leave');
      socket.send(how);
      seen.push(await closed(socket));
    }
    return seen;
  },

  async fragments() {
    const socket = await opened('/plain');
    const text = once(socket, 'message');
    const ponged = once(socket, 'pong');
    socket.send('fr', { fin: false });
    socket.ping('between');
    socket.send('', { fin: false });
    socket.send('ag', { fin: true });
    const [[data], [pong]] = await Promise.all([text, ponged]);
    const bytes = once(socket, 'message');
    for (let at = 0; at < 5; at++) socket.send(Buffer.from([at]), { fin: at === 4 });
    const [binary, isBinary] = await bytes;
    socket.close();
    return { text: data.toString(), pong: pong.toString(), bytes: [...binary], isBinary };
  },

  async tooBig() {
    const socket = await opened('/plain');
    socket.send('x'.repeat(65_537));
    return await closed(socket);
  },

  async compression() {
    const socket = await opened('/plain', [], { perMessageDeflate: true });
    const echo = await exchange(socket, 'x'.repeat(2000), { compress: true });
    socket.close();
    return { extensions: socket.extensions, length: echo.length };
  },

  async refusals() {
    return {
      notFound: await refused('/nowhere'),
      forbidden: await refused('/guarded'),
      teapot: await refused('/guarded?key=teapot'),
      origin: await refused('/plain', { origin: 'https://evil.example' }),
      version: await refused('/plain', { protocolVersion: 8 }),
    };
  },
};

async function main() {
  const timer = setTimeout(() => {
    throw new Error(`"${process.env.COMMAND}" did not end within ${DEADLINE} ms`);
  }, DEADLINE);
  const result = await commands[process.env.COMMAND]();
  clearTimeout(timer);
  console.log(JSON.stringify({ result, runtime: process.versions.bun ?? `node ${process.version}` }));
  process.exit();
}

void main();
