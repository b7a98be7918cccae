import { Caller, type Incoming } from '../caller.ts';
import type { Stage } from '../stage.ts';
import { ANSWER_WITHIN } from '../wire.ts';

const SLOW_CONSUMER = 4008;
const NO_CLOSE_FRAME = 1006;
/** More than the kernel holds for a socket, in frames of 16 KiB. */
const MANY = 800;

/**
 * Does not read for a while, on a route that closes such clients. Where the server was busy and sent only after that
 * while, the client may have kept up: then it has all frames.
 */
export async function doze(stage: Stage): Promise<void> {
  const wire = await stage.open('/strict');
  const caller = new Caller(stage, wire, 'a slow client');
  const keptUp = Promise.withResolvers<void>();
  let received = 0;
  caller.onEvent = () => {
    if (++received === MANY) keptUp.resolve();
  };
  wire.pause();
  caller.tell({ event: 'fill', data: { count: MANY } });
  await stage.wait(stage.random.between(200, 2_000));
  wire.resume();
  await Promise.race([keptUp.promise, wire.ended, Bun.sleep(ANSWER_WITHIN)]);
  if (wire.isOpen && received === MANY) wire.close();
  await caller.ended([SLOW_CONSUMER, NO_CLOSE_FRAME]);
}

/** Does not read for a while, on a route that leaves out frames: received and dropped are all that were sent. */
export async function skip(stage: Stage): Promise<void> {
  const wire = await stage.open('/lossy');
  const caller = new Caller(stage, wire, 'a lossy client');
  let received = 0;
  let last = 0;
  caller.onEvent = ({ data }: Incoming) => {
    const { number } = data as { readonly number: number };
    if (number <= last) caller.violate(`frame ${number} came after ${last}`);
    last = number;
    received++;
  };
  wire.pause();
  caller.tell({ event: 'fill', data: { count: MANY } });
  await stage.wait(stage.random.between(200, 2_000));
  wire.resume();
  const reply = await caller.ask('dropped', null);
  const dropped = Number(reply?.data ?? 0);
  stage.run.report.count('dropped frames', dropped);
  if (reply !== null && received + dropped !== MANY) {
    caller.violate(`${received} received and ${dropped} dropped of ${MANY}`);
  }
  wire.close();
  await caller.ended();
}
