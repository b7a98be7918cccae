import { blunder, breakProtocol } from './personas/blunderer.ts';
import { flood } from './personas/flooder.ts';
import { knock, visit } from './personas/guest.ts';
import { listen } from './personas/listener.ts';
import { beDismissed, rush } from './personas/rusher.ts';
import { doze, skip } from './personas/slow.ts';
import { follow } from './personas/streamer.ts';
import { vanish } from './personas/vanisher.ts';
import { work } from './personas/worker.ts';
import { Random } from './random.ts';
import { type Run, Stage } from './stage.ts';

/** The kinds of clients, and how many of a hundred are of each. */
const PERSONAS: readonly { readonly weight: number; readonly play: (stage: Stage) => Promise<void> }[] = [
  { weight: 46, play: work },
  { weight: 20, play: listen },
  { weight: 2, play: rush },
  { weight: 2, play: beDismissed },
  { weight: 4, play: follow },
  { weight: 5, play: blunder },
  { weight: 4, play: breakProtocol },
  { weight: 7, play: vanish },
  { weight: 3, play: visit },
  { weight: 4, play: knock },
  { weight: 2, play: flood },
  { weight: 0.5, play: doze },
  { weight: 0.5, play: skip },
];

/** Keeps so many clients busy, one after another in each place, until the end of the run. */
export async function crowd(run: Run, size: number, seed: number): Promise<void> {
  await Promise.all(
    Array.from({ length: size }, (_, slot) => take(run, slot, new Random(seed + slot * 7919))),
  );
}

async function take(run: Run, slot: number, random: Random): Promise<void> {
  const stage = new Stage(run, slot, random);
  // They come one after another, not all in the same moment.
  await stage.wait(random.between(0, 1_000));
  while (!stage.isOver) {
    try {
      await random.weighted(PERSONAS).play(stage);
    } catch (error) {
      run.report.violate(error instanceof Error ? (error.stack ?? error.message) : String(error));
      await stage.wait(500);
    }
  }
}
