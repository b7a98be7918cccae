// A process of its own, told what to do by lines of its stdin. There is no top-level await on purpose: as long as one
// is pending, Bun does not end a process that throws.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Application, createApplication, Module, Publisher } from 'gatewire';
import type { Host } from '../../../lib/server/host.ts';
import { StallWatch } from '../stall-watch.ts';
import { ChaosFilter, ContextInterceptor } from './enhancers.ts';
import { type Fault, plant } from './faults.ts';
import { MoodyGuard, SessionGuard } from './guards.ts';
import { inspect } from './inspection.ts';
import { LaneController, MeasuredLaneController } from './lane-controller.ts';
import { Ledger } from './ledger.ts';
import {
  ControlController,
  LimitedController,
  LossyController,
  StrictController,
} from './other-controllers.ts';
import { Desk, Drawer } from './scope.ts';
import { Tally } from './tally.ts';
import { WatchedLog } from './watched-log.ts';

/** What the server is started with, as JSON in its first argument. */
export interface SoakServerOptions {
  readonly ledger: string;
  readonly faults: readonly Fault[];
  readonly maxConnectionsPerIp: number;
  readonly maxConnections: number;
}

const TICKS = 'ticks';
const TICK_EVERY = 100;

@Module({
  controllers: [
    LaneController,
    MeasuredLaneController,
    ControlController,
    StrictController,
    LossyController,
    LimitedController,
  ],
  providers: [SessionGuard, MoodyGuard, ContextInterceptor, ChaosFilter, Ledger, Tally, Desk, Drawer],
})
class SoakModule {}

async function main(): Promise<void> {
  const { ledger, faults, ...limits } = JSON.parse(process.argv[2] as string) as SoakServerOptions;
  plant(faults);
  const log = new WatchedLog();
  const app = await createApplication(SoakModule, {
    logger: log,
    // Addresses are what clients say they are, so that there are many of them.
    trustProxy: 1,
    limits: { ...limits, upgradeTimeout: 1 },
    websocket: {
      handlerTimeout: 1,
      rateLimit: { rate: 5000, burst: 10_000 },
      ...(faults.includes('reorders') ? { concurrency: 4 } : {}),
    },
  });
  await app.listen({ port: 0, hostname: '0.0.0.0' });
  app.get(Ledger).open(ledger);
  answer({ port: app.port });
  tick(app.get(Publisher));
  obey(app, log);
}

/** Sends numbers to all who listen, so that each can tell whether one is missing. */
function tick(publisher: Publisher): void {
  let number = 0;
  setInterval(() => publisher.to(TICKS).emit('tick', ++number), TICK_EVERY).unref();
}

function obey(app: Application, log: WatchedLog): void {
  const stalls = new StallWatch();
  createInterface({ input: process.stdin })
    .on('line', line => {
      if (line === 'inspect') answer(inspect({ app, host: hostOfControl(), log, stalls }));
      else void close(app, log);
    })
    .on('close', () => process.exit(0));
}

/** Nothing is left that a drain would have to wait for, or there is a warning in the log. */
async function close(app: Application, log: WatchedLog): Promise<void> {
  app.get(Ledger).close();
  await app.close({ timeout: 1_000 });
  answer({ findings: log.findings });
}

function hostOfControl(): Host {
  const { host } = ControlController;
  if (host === null) throw new Error('no control client is connected');
  return host;
}

function answer(value: object): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

void main();
