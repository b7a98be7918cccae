import { Lane, type LaneOptions, pathOf } from '../lane.ts';
import type { Stage } from '../stage.ts';

const UNAUTHENTICATED = 4401;

/** Has a session that ends: by its time, in spite of one renewal, or because the user signs out elsewhere. */
export async function visit(stage: Stage): Promise<void> {
  const { random, run } = stage;
  const user = `guest ${run.nextKey()}`;
  const isTimed = random.isLikely(0.5);
  const options = isTimed ? { user, lasts: random.between(300, 2_000) } : { user };
  const [one, other] = await Promise.all([Lane.open(stage, options), Lane.open(stage, options)]);
  if (one === null || other === null) return;
  if (isTimed && random.isLikely(0.5)) await one.caller.ask('$auth', { lasts: 1_000 });
  while (isTimed && (one.isOpen || other.isOpen)) {
    await Promise.all([one.put(0), other.put(5)]);
    await Bun.sleep(random.between(20, 200));
  }
  if (!isTimed) one.caller.tell({ event: 'signOut' });
  await one.ended([UNAUTHENTICATED]);
  // Where one could not open, it could not sign out either.
  if (!isTimed && other.isOpen && one.key % 97 === 0) other.caller.wire.destroy();
  await other.ended([UNAUTHENTICATED]);
}

/** What refuses an upgrade, and with which status. */
const REFUSALS: readonly (readonly [LaneOptions & { readonly key?: string }, number])[] = [
  [{ guard: 'is false' }, 403],
  [{ guard: 'is unauthorized' }, 401],
  [{ guard: 'throws' }, 500],
  [{ guard: 'rejects' }, 500],
  [{ guard: 'hangs' }, 503],
  [{ desk: 'breaks' }, 500],
  [{ user: 'x'.repeat(41) }, 422],
];

/** Is not let in. */
export async function knock(stage: Stage): Promise<void> {
  const [options, status] = stage.random.of(REFUSALS);
  const wire = await stage.open(pathOf(stage.run.nextKey(), options));
  stage.run.report.count(`refused with ${wire.status}`);
  if (wire.status !== status) {
    stage.run.report.violate(`${JSON.stringify(options)} got ${wire.status} instead of ${status}`);
  }
  wire.destroy();
  await stage.wait(stage.random.between(50, 300));
}
