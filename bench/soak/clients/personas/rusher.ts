import { frame, OPCODES } from '../../../../spec/support/frames.ts';
import { Lane } from '../lane.ts';
import type { Stage } from '../stage.ts';

const PING = frame({ opcode: OPCODES.ping, payload: 'ping' });
const DISMISSED = 4000;
const NO_CLOSE_FRAME = 1006;

/** Gives more commands at once than may wait, pings between them; all of them are answered, in order. */
export async function rush(stage: Stage): Promise<void> {
  const { random } = stage;
  const lane = await Lane.open(stage);
  if (lane === null) return;
  for (let rounds = random.between(1, 3); rounds > 0 && !stage.isOver; rounds--) {
    const commands: Promise<void>[] = [];
    for (let count = random.between(100, 300); count > 0; count--) {
      // Each that takes time takes a turn of the event loop, one after another.
      commands.push(lane.put(random.isLikely(0.1) ? 1 : 0));
      if (count % 10 === 0) lane.caller.wire.write(PING);
    }
    await Promise.all(commands);
    await stage.wait(random.between(100, 500));
  }
  await lane.close();
}

/** Makes the server end the connection, with commands before and behind. */
export async function beDismissed(stage: Stage): Promise<void> {
  const { random } = stage;
  const lane = await Lane.open(stage);
  if (lane === null) return;
  const commands = [lane.put(5), lane.put(0)];
  lane.caller.tell({ event: 'dismiss', data: random.of(['closes', 'terminates']) });
  for (let behind = random.between(0, 100); behind > 0; behind--) commands.push(lane.put(1));
  await Promise.all(commands);
  await lane.ended([DISMISSED, NO_CLOSE_FRAME]);
}
