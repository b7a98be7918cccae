import type { Incoming } from '../caller.ts';
import { Lane } from '../lane.ts';
import type { Stage } from '../stage.ts';
import { ROOMS } from './worker.ts';

/** Hears what is published, and checks that nothing of it is missing, twice, or in another order. */
export async function listen(stage: Stage): Promise<void> {
  const { random } = stage;
  const lane = await Lane.open(stage);
  if (lane === null) return;
  const last = new Map<unknown, number>();
  const isNext = (sender: unknown, number: number) => {
    const before = last.get(sender);
    last.set(sender, number);
    stage.run.report.count('published frames');
    if (before !== undefined && number !== before + 1) {
      lane.caller.violate(`published frame ${number} came after ${before}`);
    }
  };
  lane.caller.onEvent = ({ event, data }: Incoming) => {
    if (event === 'tick') isNext('ticks', data as number);
    if (event !== 'shouted') return;
    const { from, number } = data as { readonly from: number; readonly number: number };
    isNext(from, number);
  };
  await lane.caller.ask('join', 'ticks');
  await lane.caller.ask('join', random.of(ROOMS));
  await stage.wait(random.between(2_000, 15_000));
  await lane.close();
}
