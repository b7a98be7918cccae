import type { Counter } from '../observability/metrics.ts';
import type { HttpTable } from './http-routes.ts';
import { codeOf } from './refusal.ts';
import { isUpgrade } from './upgrade-request.ts';
import type { Answer } from './upgrade-step.ts';

/** The same table, which counts upgrades of paths that nobody serves. */
export function countStrays({ routes, fetch }: HttpTable, strays: Counter): HttpTable {
  const count = (request: Request, answer: Answer): Answer => {
    if (answer !== undefined && codeOf(answer) === 'not_found' && isUpgrade(request)) strays.inc();
    return answer;
  };
  return {
    routes,
    fetch: (request, server) => {
      const answer = fetch(request, server);
      if (answer instanceof Promise) return answer.then(later => count(request, later));
      return count(request, answer);
    },
  };
}
