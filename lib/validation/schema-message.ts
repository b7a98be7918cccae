import type { SchemaIssue } from './standard-schema.ts';

/** Where schemas begin to say what they got. */
const QUOTATIONS = [' (was ', ' but received ', ': Received ', ', received '];

/** A schema's own text, without the value: valibot and ArkType quote it. */
export function schemaMessage(issue: SchemaIssue, value: unknown): string {
  const secrets = [...quotedBy(issue), ...textsOf(value)];
  const candidates = [issue.message, ...QUOTATIONS.map(quotation => before(issue.message, quotation))];
  return (
    candidates.find(text => text !== '' && !secrets.some(secret => holds(text, secret))) ?? 'is not valid'
  );
}

/** valibot's `received` and ArkType's `actual`: the value, as their text quotes it. */
function quotedBy(issue: SchemaIssue): string[] {
  const { received, actual } = issue as { readonly received?: unknown; readonly actual?: unknown };
  return [received, actual].filter(text => typeof text === 'string');
}

/** The texts in a value, however deep; of a boolean none, because half of all texts hold `true` or `false`. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function before(message: string, quotation: string): string {
  const at = message.indexOf(quotation);
  return at === -1 ? message : message.slice(0, at);
}

/** Whether the text holds the secret as a word or words of its own: `5` is in `(was 5)`, not in `<= 50`. */
function holds(text: string, secret: string): boolean {
  if (secret === '') return false;
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + secret.length])) return true;
  }
  return false;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
