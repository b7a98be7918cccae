import { earlyRules } from './build-parts.ts';
import type { PropertyCode } from './conversion-source.ts';
import type { Leaf, PropertyPlan, RulePlan } from './plan.ts';

/** Code that answers `MISS` unless the value passes the inlined rules of its property. */
export function checkSource(code: PropertyCode): string {
  const { property, at } = code;
  const { defined, ordinary } = earlyRules(property);
  const checks = [
    rulesSource(defined, code),
    unless(skipped(property, `a${at}`), rulesSource(ordinary, code)),
  ].join('');
  return property.isOptional ? unless([`a${at} === undefined`, `a${at} === null`], checks) : checks;
}

function skipped({ skipsUndefined, skipsNull }: PropertyPlan, a: string): string[] {
  return [...(skipsUndefined ? [`${a} === undefined`] : []), ...(skipsNull ? [`${a} === null`] : [])];
}

function unless(conditions: readonly string[], checks: string): string {
  return conditions.length === 0 || checks === ''
    ? checks
    : `if (!(${conditions.join(' || ')})) {\n${checks}}\n`;
}

/** Rules for the value first: they may refuse a list before its elements are looked at. */
function rulesSource(rules: readonly RulePlan[], code: PropertyCode): string {
  const whole = rules.filter(rule => !rule.each);
  const each = rules.filter(rule => rule.each);
  const a = `a${code.at}`;
  const checks = whole.length === 0 ? '' : `if (!(${conjunction(whole, a, code.bind)})) return MISS;\n`;
  return each.length === 0 ? checks : `${checks}${eachSource(each, code)}`;
}

function eachSource(rules: readonly RulePlan[], { property, at, bind }: PropertyCode): string {
  const a = `a${at}`;
  const isCopied = property.conversion.kind === 'scalars';
  const loop = [
    ...(isCopied ? [`const copy = new Array(${a}.length);`] : []),
    `for (let i = 0; i < ${a}.length; i++) {`,
    `const item = ${a}[i];`,
    `if (!(${conjunction(rules, 'item', bind)})) return MISS;`,
    ...(isCopied ? ['copy[i] = item;'] : []),
    '}',
    ...(isCopied ? [`${a} = copy;`] : []),
  ].join('\n');
  const item = conjunction(rules, 'item', bind);
  return [
    `if (Array.isArray(${a})) {`,
    loop,
    `} else if (${a} instanceof Set || ${a} instanceof Map) {`,
    `for (const item of ${a}.values()) if (!(${item})) return MISS;`,
    `} else if (!(${conjunction(rules, a, bind)})) return MISS;`,
    '',
  ].join('\n');
}

function conjunction(rules: readonly RulePlan[], value: string, bind: PropertyCode['bind']): string {
  return rules.map(({ leaf }) => (leaf as Leaf).source(value, bind)).join(' && ');
}
