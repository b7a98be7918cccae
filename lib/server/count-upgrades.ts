import type { ServedRoute } from './host.ts';
import { codeOf } from './refusal.ts';
import type { Upgrader } from './upgrade.ts';
import type { Answer } from './upgrade-step.ts';

/** The status of an upgrade whose client was gone before it was answered. */
const CLIENT_GONE = 499;

/** Counts what becomes of the upgrades of a route; with metrics off it is the same upgrader. */
export function countUpgrades({ metrics }: ServedRoute, upgrade: Upgrader): Upgrader {
  if (metrics === null) return upgrade;
  const count = (answer: Answer): Answer => {
    if (answer === undefined) metrics.counters.accepted.inc();
    else metrics.by('refused', reasonOf(answer)).inc();
    return answer;
  };
  return (request, arrival) => {
    const answer = upgrade(request, arrival);
    return answer instanceof Promise ? answer.then(count) : count(answer);
  };
}

/** `response` is one that a hook or a filter gave. */
function reasonOf(answer: Response): string {
  return codeOf(answer) ?? (answer.status === CLIENT_GONE ? 'client_gone' : 'response');
}
