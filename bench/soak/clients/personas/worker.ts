import { FAULTS } from '../../../../spec/support/misbehave.ts';
import { Lane } from '../lane.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';

const TAKES = [0, 0, 0, 1, 5, 20];
const FAULTY = Object.keys(FAULTS);
export const ROOMS = Array.from({ length: 20 }, (_, at) => `room ${at}`);

/** Gives commands, several at a time, now and then with a mistake among them; leaves in order or in the middle. */
export async function work(stage: Stage): Promise<void> {
  const { random } = stage;
  const lane = await Lane.open(stage, {
    ...(random.isLikely(0.3) ? { guard: 'passes later' } : {}),
    ...(random.isLikely(0.05) ? { desk: 'ends badly' } : {}),
  });
  if (lane === null) return;
  lane.caller.onEvent = frame => lane.answer(frame);
  const room = random.of(ROOMS);
  for (let rounds = random.between(2, 14); rounds > 0 && lane.isOpen && !stage.isOver; rounds--) {
    const batch = Array.from({ length: random.between(1, 4) }, () => lane.put(random.of(TAKES)));
    if (random.isLikely(0.2)) batch.push(makeMistake(lane, random));
    if (random.isLikely(0.2)) lane.shout(room);
    await Promise.all(batch);
    await stage.wait(random.between(100, 900));
  }
  if (random.isLikely(0.8)) return lane.close();
  for (let commands = 0; commands < 3; commands++) void lane.put(random.of(TAKES));
  lane.caller.wire.destroy();
  await lane.ended();
}

const MISTAKES: readonly {
  readonly weight: number;
  readonly make: (lane: Lane, random: Random) => Promise<unknown>;
}[] = [
  { weight: 4, make: lane => lane.fail('put', { command: 'one', takes: -1 }, ['validation_failed']) },
  { weight: 2, make: lane => lane.fail('nothing', null, ['unknown_event']) },
  { weight: 2, make: lane => lane.fail('guarded', 'is false', ['forbidden']) },
  { weight: 1, make: lane => lane.fail('guarded', 'is unauthorized', ['unauthenticated']) },
  { weight: 1, make: lane => lane.fail('guarded', 'throws', ['internal']) },
  { weight: 0.3, make: lane => lane.fail('guarded', 'hangs', ['timeout']) },
  { weight: 0.3, make: lane => lane.fail('hang', null, ['timeout']) },
  { weight: 6, make: (lane, random) => lane.caller.follow('misbehave', random.of(FAULTY)).end },
  { weight: 0.3, make: lane => lane.caller.follow('misbehave', 'hangs').end },
  { weight: 4, make: lane => lane.caller.ask('ask', null) },
];

async function makeMistake(lane: Lane, random: Random): Promise<void> {
  await random.weighted(MISTAKES).make(lane, random);
}
