import { frame, OPCODES } from '../../../../spec/support/frames.ts';
import { Lane } from '../lane.ts';
import type { Stage } from '../stage.ts';

const BAD_FRAMES = ['not JSON', '[]', '{}', '{"event":1}', '{"event":', `${'['.repeat(5000)}`].map(payload =>
  frame({ opcode: OPCODES.text, payload }),
);
const MOST = 10;
const TOO_MANY_BAD = 4400;

/** Sends what cannot be read: a few, or so many that it is closed. */
export async function blunder(stage: Stage): Promise<void> {
  const { random } = stage;
  const lane = await Lane.open(stage);
  if (lane === null) return;
  const isTooMany = random.isLikely(0.3);
  const count = isTooMany ? MOST : random.between(1, MOST - 1);
  for (let sent = 0; sent < count; sent++) {
    lane.caller.wire.write(random.of(BAD_FRAMES));
    if (!isTooMany) await lane.put(0);
    await stage.wait(random.between(10, 300));
  }
  if (isTooMany) return lane.ended([TOO_MANY_BAD]);
  await lane.close();
}

const TOO_BIG = 70_000;
/** What breaks the protocol, and the code it is closed with (RFC 6455 §7.4.1). */
const BREAKS: readonly (readonly [Buffer, number])[] = [
  [frame({ opcode: OPCODES.text, payload: 'unmasked', isMasked: false }), 1002],
  [frame({ opcode: OPCODES.text, payload: 'compressed', reserved: 4 }), 1002],
  [frame({ opcode: 3, payload: 'no such opcode' }), 1002],
  [frame({ opcode: OPCODES.ping, payload: 'x'.repeat(126) }), 1002],
  [frame({ opcode: OPCODES.text, payload: Buffer.from([0xff, 0xfe]) }), 1007],
  [frame({ opcode: OPCODES.text, payload: 'x'.repeat(TOO_BIG) }), 1009],
];

/** Breaks the protocol. */
export async function breakProtocol(stage: Stage): Promise<void> {
  const lane = await Lane.open(stage);
  if (lane === null) return;
  await lane.put(0);
  await stage.wait(stage.random.between(0, 500));
  const [bytes, code] = stage.random.of(BREAKS);
  void lane.put(0);
  lane.caller.wire.write(bytes);
  await lane.ended([code]);
}
