import { buildList, isHarmlessDefault, isRequired, keepUnknown, MOST_LEVELS } from './build-parts.ts';
import { checkSource } from './check-source.ts';
import { conversionSource, inputSource, type PropertyCode } from './conversion-source.ts';
import { copyJson } from './copy-json.ts';
import { laterCheck } from './later-check.ts';
import { type Build, type ClassPlan, MISS } from './plan.ts';

/**
 * The builder of a class as generated code.
 *
 * @throws EvalError where code generation is disallowed.
 */
export function generateBuild(plan: ClassPlan, onPromise: () => void): Build {
  const constants = new Constants();
  const source = buildSource(plan, constants, onPromise);
  const make = new Function(
    ...constants.names,
    `'use strict';\nreturn function build(v, depth) {\n${source}\n};`,
  );
  return make(...constants.values) as Build;
}

/** What generated code refers to but cannot spell. */
export class Constants {
  readonly names: string[] = ['MISS', 'copyJson', 'buildList', 'isHarmlessDefault'];
  readonly values: unknown[] = [MISS, copyJson, buildList, isHarmlessDefault];

  readonly bind = (constant: unknown): string => {
    if (constant === undefined || constant === null || typeof constant === 'boolean') return String(constant);
    if (typeof constant === 'string') return JSON.stringify(constant);
    if (typeof constant === 'number' && constant >= 0) return String(constant);
    const name = `c${this.names.length}`;
    this.names.push(name);
    this.values.push(constant);
    return name;
  };
}

function buildSource(plan: ClassPlan, { bind }: Constants, onPromise: () => void): string {
  const properties = plan.properties.map(
    (property, at): PropertyCode => ({ property, at: String(at), bind }),
  );
  const make = `const o = new ${bind(plan.type)}();`;
  const hasDefaults = plan.properties.some(property => property.hasDefault);
  return [
    "if (typeof v !== 'object' || v === null || Object.getPrototypeOf(v) !== Object.prototype) return MISS;",
    `if (depth > ${MOST_LEVELS}) return MISS;`,
    ...(plan.properties.some(({ transform }) => transform)
      ? [`let source; const sourceOf = ${bind(plan.sourceOf)};`]
      : []),
    ...(hasDefaults ? [make] : []),
    ...plan.ignoredKeys.map(
      key => `if (typeof v[${bind(key)}] === 'object' && v[${bind(key)}] !== null) return MISS;`,
    ),
    ...(plan.unknown === 'strip' ? [] : [knownSource(plan, bind)]),
    ...properties.flatMap(code => [inputSource(code), conversionSource(code), checkSource(code)]),
    ...(plan.unknown === 'forbid' ? ['if (Object.keys(v).length !== known) return MISS;'] : []),
    ...(hasDefaults ? [] : [make]),
    ...plan.undeclaredFields.map(name => `delete o[${bind(name)}];`),
    ...properties.map(assignment),
    ...(plan.unknown === 'keep' ? [keepSource(plan, bind)] : []),
    ...properties.flatMap(code => {
      const later = laterCheck(code.property, onPromise);
      return later === null ? [] : [`if (!${bind(later)}(a${code.at}, o)) return MISS;`];
    }),
    'return o;',
  ].join('\n');
}

function knownSource({ keys }: ClassPlan, bind: (constant: unknown) => string): string {
  const counts = [...keys].map(key => `if (v[${bind(key)}] !== undefined) known++;`);
  return ['let known = 0;', ...counts].join('\n');
}

function assignment({ property, at, bind }: PropertyCode): string {
  const assign = `o[${bind(property.name)}] = a${at};`;
  if (property.keepsDefault) return `if (a${at} !== undefined) ${assign}`;
  if (property.input.absent !== 'initial') return assign;
  // A @Transform() that gives undefined overwrites the default.
  if (property.transform !== null) return `if (g${at}) ${assign}`;
  return isRequired(property) ? assign : `if (a${at} !== undefined) ${assign}`;
}

function keepSource(plan: ClassPlan, bind: (constant: unknown) => string): string {
  return `if (Object.keys(v).length !== known && !${bind(keepUnknown)}(${bind(plan)}, v, o)) return MISS;`;
}
