import type { DtoShape } from '../dto-shape.ts';
import { outgoingInstance } from '../outgoing-instance.ts';
import type { OutgoingPlan, OutgoingProperty } from './outgoing-plan.ts';
import { outputNames } from './output-names.ts';
import { type OutgoingContext, planOutgoingProperty } from './plan-outgoing-property.ts';

/** The plan of a class whose values are sent, or why only the libraries can check and serialise them. */
export function planOutgoing(shape: DtoShape, context: OutgoingContext): OutgoingPlan | string {
  if (Object.keys(context.options.transformer).length > 0) return 'transformOptions';
  const type = shape.type as new () => object;
  const rules = context.metadata.rulesOf(type);
  if (rules.size === 0) return 'no validation decorators';
  const names = [...new Set([...rules.keys(), ...shape.outputs])];
  const odd = names.find(name => name in Object.prototype);
  if (odd !== undefined) return `${odd}: a name that every object has`;
  const probe = probeOf(type);
  if (probe === null) return 'the constructor throws when it is given nothing';
  const outputs = outputNames(shape, context.libraries);
  const instanceOf = (value: Record<string, unknown>) => outgoingInstance(shape, value);
  const properties: OutgoingProperty[] = [];
  for (const name of names) {
    const output = outputs.get(name) ?? null;
    const source = { type, name, rules: rules.get(name) ?? [], output, probe, instanceOf };
    const property = planOutgoingProperty(source, context);
    if (typeof property === 'string') return `${name}: ${property}`;
    properties.push(property);
  }
  const sent = properties.flatMap(({ output }) => (output === null ? [] : [output]));
  if (new Set(sent).size < sent.length) return 'two properties are sent under one name';
  return { type, properties, instanceOf };
}

function probeOf(type: new () => object): object | null {
  try {
    return new type();
  } catch {
    return null;
  }
}
