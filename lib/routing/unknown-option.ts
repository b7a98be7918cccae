import type { Mistake } from '../errors.ts';
import { suggest } from './suggest.ts';

/** Says that options have a name nobody reads, and which ones are read. */
export function unknownOption(where: string, name: string, known: readonly string[]): Mistake {
  return {
    code: 'GATEWIRE_UNKNOWN_OPTION',
    where,
    what: `there is no option "${name}"`,
    fix: `${suggest(name, known)}The options are ${known.join(', ')}`,
  };
}
