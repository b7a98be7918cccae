import type { Incoming } from '../caller.ts';
import { Lane } from '../lane.ts';
import type { Stage } from '../stage.ts';

/** Takes a stream to its end, stops it, or leaves while it runs; commands go on beside it. */
export async function follow(stage: Stage): Promise<void> {
  const { random } = stage;
  const lane = await Lane.open(stage);
  if (lane === null) return;
  const manner = random.of(['ends', 'stops', 'leaves'] as const);
  const count = manner === 'ends' ? 50 : 1_000_000;
  const { id, end } = lane.caller.follow('stream', { count, every: random.of([0, 1, 5]) });
  const last = random.between(1, 40);
  const enough = Promise.withResolvers<void>();
  let items = 0;
  lane.caller.onItem = ({ next }: Incoming) => {
    if (next !== ++items) lane.caller.violate(`item ${next} came instead of ${items}`);
    if (items === last) enough.resolve();
  };
  const commands = [lane.put(0), lane.put(5), lane.put(0)];
  await Promise.race([enough.promise, end]);
  if (manner === 'leaves') lane.caller.wire.destroy();
  if (manner === 'stops') lane.caller.tell({ id, cancel: true });
  const ended = await end;
  if (ended !== null && ended.done !== true)
    lane.caller.violate(`a stream ended with ${JSON.stringify(ended)}`);
  if (manner === 'ends' && ended !== null && items !== count)
    lane.caller.violate(`${items} items of ${count}`);
  await Promise.all(commands);
  if (lane.isOpen) await lane.close();
  else await lane.ended();
}
