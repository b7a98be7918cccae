// Run as a process of its own by behaviour/logger.spec.ts. FORMAT is how it logs: with Gatewire's own logger, pretty or
// as JSON, or with pino.
import {
  BeforeHandle,
  consoleLogger,
  createApplication,
  Handshake,
  type Logger,
  MessageBody,
  Module,
  OnMessage,
  WebSocketRoute,
  WsException,
} from 'gatewire';
import { pino } from 'pino';

@WebSocketRoute('/log')
class LogController {
  @BeforeHandle()
  before(handshake: Handshake) {
    if (handshake.query.upgrade === 'fails') throw new Error('the upgrade failed');
  }

  @OnMessage('refuse')
  refuse() {
    throw new WsException('no seat', 'no_seat');
  }

  /** Quotes the client, as many errors do. */
  @OnMessage('quote')
  quote(@MessageBody('text') text: string) {
    throw new Error(`cannot read ${text}`);
  }

  @OnMessage('*')
  other(@MessageBody(() => Object) _data: unknown) {
    throw new Error('broken');
  }
}

@Module({ controllers: [LogController] })
class LogModule {}

const LOGGERS: Readonly<Record<string, () => Logger | undefined>> = {
  default: () => undefined,
  json: () => consoleLogger({ isPretty: false }),
  pretty: () => consoleLogger({ isPretty: true }),
  pino: () => pino(),
};

async function main() {
  const logger = LOGGERS[process.env.FORMAT ?? 'default']?.();
  const app = await createApplication(LogModule, logger === undefined ? {} : { logger });
  await app.listen({ port: 0, hostname: '127.0.0.1' });
  console.log(JSON.stringify({ url: app.url }));
}

void main();
