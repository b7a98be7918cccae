import { MOST_LEVELS } from '../compiler/build-parts.ts';
import { checkSource } from '../compiler/check-source.ts';
import type { PropertyCode } from '../compiler/conversion-source.ts';
import { Constants } from '../compiler/generate-build.ts';
import type { Build, PropertyPlan } from '../compiler/plan.ts';
import { laterOutgoing } from './later-outgoing.ts';
import type { OutgoingPlan, OutgoingProperty } from './outgoing-plan.ts';

/**
 * The check of what is sent, as generated code: it gives what is to be serialised.
 *
 * @throws EvalError where code generation is disallowed.
 */
export function generateOutgoing(plan: OutgoingPlan, onPromise: () => void): Build {
  const constants = new Constants();
  const source = outgoingSource(plan, constants.bind, onPromise);
  const make = new Function(
    ...constants.names,
    `'use strict';\nreturn function send(v, depth) {\n${source}\n};`,
  );
  return make(...constants.values) as Build;
}

type Bind = PropertyCode['bind'];

function outgoingSource(plan: OutgoingPlan, bind: Bind, onPromise: () => void): string {
  const { type, properties } = plan;
  return [
    "if (typeof v !== 'object' || v === null || Array.isArray(v)) return MISS;",
    `if (depth > ${MOST_LEVELS}) return MISS;`,
    'const prototype = Object.getPrototypeOf(v);',
    `const isOwn = prototype === ${bind(type.prototype)};`,
    // A subclass is checked by its own rules.
    `if (!isOwn && prototype !== Object.prototype && v instanceof ${bind(type)}) return MISS;`,
    ...(properties.some(({ absent }) => absent === 'constructor') ? ['let o;'] : []),
    ...properties.flatMap((property, at) => {
      const later = laterOutgoing(property, plan, onPromise);
      return [
        `let a${at} = v[${bind(property.name)}];`,
        absentSource(property, { a: `a${at}`, plan, bind }),
        checkSource({ property: asPlan(property), at: String(at), bind }),
        later === null ? '' : `if (!${bind(later)}(a${at}, v)) return MISS;`,
        sendSource(property, `a${at}`, bind),
      ];
    }),
    resultSource(properties),
  ].join('\n');
}

/** The code of checks reads the checks only, and copies nothing. */
function asPlan({ name, checks }: OutgoingProperty): PropertyPlan {
  return { ...checks, name, conversion: { kind: 'copy' } } as PropertyPlan;
}

interface Place {
  readonly a: string;
  readonly plan: OutgoingPlan;
  readonly bind: Bind;
}

function absentSource({ name, absent, takesDefault }: OutgoingProperty, { a, plan, bind }: Place): string {
  const key = bind(name);
  const lacks = `if (${a} === undefined && !isOwn && !(${key} in v)) `;
  switch (absent) {
    case 'nowhere':
      return '';
    case 'libraries':
      return `${lacks}return MISS;`;
    case 'accessor':
      return `${lacks}${a} = ${bind(plan.instanceOf)}(v)[${key}];`;
    case 'constructor':
      return `${lacks}{
if (o === undefined) o = new ${bind(plan.type)}();
${a} = o[${key}];
if (!${bind(takesDefault)}(${a})) return MISS;
}`;
  }
}

function sendSource(property: OutgoingProperty, a: string, bind: Bind): string {
  const { name, serialise, transform, visited } = property;
  if (serialise === null) return '';
  const orMiss = `${a} = ${bind(serialise)}(${a}, depth);\nif (${a} === MISS) return MISS;`;
  if (transform === null) return `if (${a} !== undefined) {\n${orMiss}\n}`;
  const isGiven = `${a} !== undefined || ${bind(name)} in v${visited === 'of others' ? ' || !isOwn' : ''}`;
  const transformed = `${a} = ${bind(transform)}(${a}, v);\n${orMiss}`;
  return visited === 'always' ? transformed : `if (${isGiven}) {\n${transformed}\n}`;
}

function resultSource(properties: readonly OutgoingProperty[]): string {
  const entries = properties.flatMap(({ output }, at) =>
    output === null ? [] : [`[${JSON.stringify(output)}]: a${at}`],
  );
  return `return { ${entries.join(', ')} };`;
}
