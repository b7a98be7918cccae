import type { Mistake } from '../errors.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** A route whose options are known. */
export interface OptionedRoute {
  readonly name: string;
  readonly options: ResolvedOptions;
}

/** Reports routes that want different compression: Bun has one setting per server, for those that compress. */
export function checkDeflate(routes: readonly OptionedRoute[], mistakes: Mistake[]): void {
  const [first, ...others] = routes.filter(({ options }) => options.perMessageDeflate !== false);
  if (first === undefined) return;
  const wanted = show(first);
  for (const other of others) {
    if (show(other) === wanted) continue;
    mistakes.push({
      code: 'GATEWIRE_OPTION_CONFLICT',
      where: other.name,
      what: `its perMessageDeflate differs from that of ${first.name}, and Bun knows one for all routes of a server that compress`,
      got: `${show(other)} and ${wanted}`,
      fix: 'Give both the same setting, or false to the one that need not compress',
    });
  }
}

function show({ options: { perMessageDeflate } }: OptionedRoute): string {
  return JSON.stringify(perMessageDeflate);
}
