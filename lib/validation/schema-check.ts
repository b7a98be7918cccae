import type { Check } from './check.ts';
import { IssueList } from './issue-list.ts';
import { schemaMessage } from './schema-message.ts';
import type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts';

/** The check of a Standard Schema: it validates and converts, we report. */
export function schemaCheck(schema: StandardSchema): Check {
  return value => {
    const result = schema['~standard'].validate(value);
    // Not `instanceof`: a schema may bring a promise of its own making.
    if (!('then' in result)) return conclude(result, value);
    return Promise.resolve(result).then(settled => conclude(settled, value));
  };
}

function conclude(result: SchemaResult, value: unknown): unknown {
  if (result.issues === undefined) return result.value;
  const issues = new IssueList();
  for (const issue of result.issues) {
    if (issues.isFull) issues.count(1);
    else issues.add(schemaIssue(issue, value));
  }
  return issues;
}

function schemaIssue(issue: SchemaIssue, value: unknown) {
  const keys = [...(issue.path ?? [])].map(segment => (typeof segment === 'object' ? segment.key : segment));
  return {
    path: keys.map(String).join('.'),
    rule: 'schema',
    message: schemaMessage(issue, valueAt(value, keys)),
  };
}

function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}
