import { frame, OPCODES } from '../../../../spec/support/frames.ts';
import { Lane, pathOf } from '../lane.ts';
import type { Stage } from '../stage.ts';
import { Wire } from '../wire.ts';

/** Drops its TCP connection at the worst time: in the handshake, in a message, in a handler. */
export async function vanish(stage: Stage): Promise<void> {
  await stage.random.of([inHandshake, inHook, inMessage, inHandler])(stage);
  stage.run.report.count('vanished');
  await stage.wait(stage.random.between(20, 200));
}

async function inHandshake(stage: Stage): Promise<void> {
  const destination = stage.at(pathOf(stage.run.nextKey(), {}));
  const wire = await Wire.begin(destination, stage.random.next());
  await stage.wait(stage.random.between(0, 20));
  wire.destroy();
}

/** While the guard runs. */
async function inHook(stage: Stage): Promise<void> {
  const guard = stage.random.of(['passes later', 'hangs']);
  const wire = await Wire.begin(stage.at(pathOf(stage.run.nextKey(), { guard })));
  await stage.wait(stage.random.between(0, 8));
  wire.destroy();
}

async function inMessage(stage: Stage): Promise<void> {
  const lane = await Lane.open(stage);
  if (lane === null) return;
  const whole = frame({ opcode: OPCODES.text, payload: `{"event":"put","data":"${'x'.repeat(20_000)}"}` });
  lane.caller.wire.write(whole.subarray(0, stage.random.between(1, whole.length - 1)));
  await stage.wait(stage.random.between(0, 20));
  lane.caller.wire.destroy();
  await lane.ended();
}

async function inHandler(stage: Stage): Promise<void> {
  const { random } = stage;
  const lane = await Lane.open(stage);
  if (lane === null) return;
  await lane.caller.ask('join', 'ticks');
  const { caller } = lane;
  const begin = random.of([
    () => lane.put(50),
    () => caller.ask('hang', null),
    () => caller.ask('ask', null),
    () => caller.ask('guarded', 'hangs'),
    () => caller.follow('stream', { count: 1000, every: 5 }).end,
    () => caller.follow('misbehave', 'hangs').end,
  ]);
  void begin();
  // More than may wait pause the socket.
  for (let behind = random.of([0, 3, 150]); behind > 0; behind--) void lane.put(random.of([0, 5]));
  await stage.wait(random.between(0, 30));
  caller.wire.destroy();
  await lane.ended();
}
