import { earlyRules, givenTo } from './build-parts.ts';
import { type ExplainProperty, takesAsGiven } from './explain-property.ts';
import type { ExplainObject } from './explanation.ts';
import { Constants } from './generate-build.ts';
import { forEach } from './later-check.ts';
import { type ClassPlan, isInlined, type Leaf, MISS, type PropertyPlan, type RulePlan } from './plan.ts';

/** The way over the properties of an object, each to be explained unless it is right: generated where that is allowed. */
export function walkOf(
  plan: ClassPlan,
  explainers: readonly ExplainProperty[],
  usesClosures: boolean,
): ExplainObject {
  try {
    if (!usesClosures) return generateWalk(plan, explainers);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
  }
  return closeWalk(plan, explainers);
}

function closeWalk({ properties }: ClassPlan, explainers: readonly ExplainProperty[]): ExplainObject {
  const steps = properties.map((property, at) => ({
    property,
    isFine: takesAsGiven(property) ? property.isFine : null,
    explain: explainers[at] as ExplainProperty,
  }));
  return (value, path, explanation) => {
    for (const { property, isFine, explain } of steps) {
      const given = givenTo(property, value);
      if (given === MISS) return explanation.giveUp();
      if (isFine?.(given)) continue;
      explain(given, path, explanation);
      if (explanation.isOver) return;
    }
  };
}

function generateWalk({ properties }: ClassPlan, explainers: readonly ExplainProperty[]): ExplainObject {
  const constants = new Constants();
  const { bind } = constants;
  const steps = properties.map((property, at) => {
    const explain = `${bind(explainers[at])}(a, path, explanation);\nif (explanation.isOver) return;`;
    const isFine = takesAsGiven(property) ? fineSource(property, bind) : nestedSource(property, bind);
    return `${inputSource(property, bind)}\nif (!(${isFine})) {\n${explain}\n}`;
  });
  const body = `'use strict';\nreturn function walk(v, path, explanation) {\nlet a;\n${steps.join('\n')}\n};`;
  return new Function(...constants.names, body)(...constants.values) as ExplainObject;
}

function inputSource(property: PropertyPlan, bind: Bind): string {
  const { key, rivals } = property.input;
  const isGiven = rivals.map(rival => `v[${bind(rival)}] !== undefined`);
  const giveUp = rivals.length === 0 ? '' : `if (${isGiven.join(' || ')}) return explanation.giveUp();\n`;
  return `${giveUp}a = ${key === null ? 'undefined' : `v[${bind(key)}]`};`;
}

/** What can be built needs no explanation, and building it is the faster way to see that. */
function nestedSource(property: PropertyPlan, bind: Bind): string {
  const { conversion, definedRules, rules, transform, conditions } = property;
  if (conversion.kind !== 'nested' || conversion.nested.collection === 'map') return 'false';
  if (transform !== null || conditions.length > 0) return 'false';
  const all = [...definedRules, ...rules];
  if (!all.every(isInlined)) return 'false';
  const b = bind(conversion.nested.builder);
  return `typeof a === 'object' && a !== null && !Array.isArray(a) && ${conjunction(all, bind)} && ${b}.build(a, 1) !== MISS`;
}

type Bind = Constants['bind'];

/** `isFine` of a property as an expression. */
function fineSource(property: PropertyPlan, bind: Bind): string {
  if (property.isFine === null) return 'false';
  const { defined, ordinary } = earlyRules(property);
  const isSkipped = [
    ...(property.skipsUndefined ? ['a === undefined'] : []),
    ...(property.skipsNull ? ['a === null'] : []),
  ];
  const passes = [...isSkipped, conjunction(ordinary, bind)].join(' || ');
  const isRight = `${conjunction(defined, bind)} && (${passes})`;
  return property.isOptional ? `a === undefined || a === null || (${isRight})` : isRight;
}

function conjunction(rules: readonly RulePlan[], bind: Bind): string {
  if (rules.length === 0) return 'true';
  return `(${rules.map(rule => ruleSource(rule, bind)).join(' && ')})`;
}

function ruleSource(rule: RulePlan, bind: Bind): string {
  const { source, test } = rule.leaf as Leaf;
  return rule.each ? `${bind((value: unknown) => forEach(rule, value, test))}(a)` : source('a', bind);
}
