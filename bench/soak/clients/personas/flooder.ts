import { Caller } from '../caller.ts';
import type { Stage } from '../stage.ts';

const BURST = 100;
const FLOOD = 300;

/** Sends more than it may at once: what is above the limit is refused, and answered in order. */
export async function flood(stage: Stage): Promise<void> {
  const wire = await stage.open('/limited');
  const caller = new Caller(stage, wire, 'a flooding client');
  const replies = await Promise.all(Array.from({ length: FLOOD }, () => caller.ask('any', null)));
  const refused = replies.filter(reply => reply?.error?.code === 'rate_limited').length;
  // The clock may have moved meanwhile.
  if (refused > FLOOD - BURST || refused === 0) caller.violate(`${refused} of ${FLOOD} were refused`);
  stage.run.report.count('rate limited', refused);
  await stage.wait(stage.random.between(500, 2_000));
  wire.close();
  await caller.ended();
}
