import type { ConfigurationCode, Mistake } from '../errors.ts';
import { foundTsconfig } from './found-tsconfig.ts';

/** Classes that a merged mistake names; an application may have hundreds. */
const MAX_CLASSES = 3;

/**
 * A missing compiler flag is one mistake of the whole application, however many classes show it: it is
 * reported once and first, with the classes and the file that should set it. In standard mode there are no types either.
 */
export function mergeCompilerMistakes(mistakes: readonly Mistake[]): readonly Mistake[] {
  const flag = mistakes.find(isStandard) ?? mistakes.find(isTypeless);
  if (flag === undefined) return mistakes;
  const classes = mistakes
    .filter(({ code }) => code === flag.code)
    .map(({ where }) => where.replace(/ constructor$/, ''));
  const got = `${flag.got}; ${foundTsconfig()}`;
  return [{ ...flag, where: list([...new Set(classes)]), got }, ...mistakes.filter(isOther)];
}

function isStandard({ code }: Mistake): boolean {
  return code === 'GATEWIRE_STANDARD_DECORATORS';
}

/** A controller whose hooks have no types; a constructor alone may just lack its decorator. */
function isTypeless({ code, where }: Mistake): boolean {
  return code === 'GATEWIRE_NO_TYPE_METADATA' && !where.endsWith(' constructor');
}

function isOther({ code }: Mistake): boolean {
  const compiler: ConfigurationCode[] = ['GATEWIRE_STANDARD_DECORATORS', 'GATEWIRE_NO_TYPE_METADATA'];
  return !compiler.includes(code);
}

function list(classes: readonly string[]): string {
  const named = classes.slice(0, MAX_CLASSES).join(', ');
  const more = classes.length - MAX_CLASSES;
  return more > 0 ? `${named} and ${more} more` : named;
}
