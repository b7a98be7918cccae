import type { Dialect } from '../contestants.ts';
import type { Load } from '../harness/load.ts';
import type { OpenSession, Session, Stage } from '../harness/pairs.ts';
import type { Entrant, Server } from '../harness/server.ts';
import type { Exchange } from '../load/pipeline.ts';
import type { Visit } from '../load/visits.ts';
import { echoes, echoVisits, greetedVisits, invalidMessages, speeches, validMessages } from '../messages.ts';

const CONNECTIONS = 16;
const AUDIENCE = 100;
const VISITORS = 32;

/** Plain echo of a short text. */
export const echo: OpenSession = stage => pipeline(stage, echoes(dialectOf(stage)));

/** A valid message, parsed, checked and sent back. */
export const validated: OpenSession = stage => pipeline(stage, validMessages(dialectOf(stage)));

/**
 * Messages with a mistake. Everybody refuses in his own words, so these are asked for once, slowly; from then on
 * no other are right.
 */
export const invalid: OpenSession = async stage => {
  const { load, server, entrant } = stage;
  const texts = invalidMessages(dialectOf(stage));
  const address = { port: server.port, path: '/' };
  const replies = (await load.tell({ do: 'probe', address, texts })) as string[];
  const exchanges = texts.map((send, at) => ({ send, reply: replies[at] as string }));
  const accepted = exchanges.find(
    ({ send, reply }) => reply === send || !/error|exception|valid/i.test(reply),
  );
  if (accepted)
    throw new Error(`${entrant.contestant.name} takes ${accepted.send} and answers ${accepted.reply}`);
  return pipeline(stage, exchanges);
};

/** A connection whose query is checked, its greeting, its close. */
export const upgrade: OpenSession = async stage => {
  await assertRefused(stage);
  return visits(stage, greetedVisits());
};

/** Many connections at once, one message each. */
export const storm: OpenSession = async stage => visits(stage, echoVisits(dialectOf(stage)));

/** Messages to a hundred connections; a unit is one delivery. */
export const broadcast: OpenSession = async stage => {
  const { load, server } = stage;
  const key = keyOf(server);
  const exchanges = speeches(dialectOf(stage));
  const address = { port: server.port, path: '/' };
  await load.tell({ do: 'audience', key, address, exchanges, size: AUDIENCE });
  return held(load, key);
};

/** Plain echo, its connections spread over the routes of the server. */
export const manyRoutes: OpenSession = stage =>
  pipeline(stage, echoes(dialectOf(stage)), spreadPaths(stage.entrant));

function spreadPaths({ routes = 1 }: Entrant): string[] {
  return Array.from({ length: CONNECTIONS }, (_, at) => `/r${Math.floor((at * routes) / CONNECTIONS)}`);
}

async function pipeline(
  { load, server, batch }: Stage,
  exchanges: readonly Exchange[],
  paths: readonly string[] = Array.from({ length: CONNECTIONS }, () => '/'),
): Promise<Session> {
  const key = keyOf(server);
  const addresses = paths.map(path => ({ port: server.port, path }));
  await load.tell({ do: 'pipeline', key, addresses, exchanges, batch });
  return held(load, key);
}

function held(load: Load, key: string): Session {
  return {
    run: async count => (await load.tell({ do: 'run', key, count })) as number,
    close: () => load.tell({ do: 'close', key }),
  };
}

function visits({ load, server }: Stage, visits: readonly Visit[]): Session {
  const { port } = server;
  return {
    run: async count =>
      (await load.tell({ do: 'visits', port, visits, count, concurrency: VISITORS })) as number,
    close: async () => {},
  };
}

/** Sees to it that the query is checked at all: one that is not valid must not be greeted. */
async function assertRefused({ server, entrant }: Stage): Promise<void> {
  const { name } = entrant.contestant;
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/?room=Not+A+Room&name=x&limit=1000`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => reject(new Error(`${name} takes an invalid query and says ${data}`));
  socket.onclose = () => resolve();
  socket.onerror = () => {};
  await promise;
}

function dialectOf({ entrant }: Stage): Dialect {
  return entrant.contestant.dialect;
}

function keyOf({ port }: Server): string {
  return String(port);
}
