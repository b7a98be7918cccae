import type { ValidationArguments } from 'class-validator';
import type { ClassMetadata, Rule } from './class-metadata.ts';

/** How deep a value is masked; what lies below is hidden altogether. */
const MOST_DEPTH = 8;

type Message = string | ((failure: ValidationArguments) => string) | undefined;

/**
 * Whether the text of a failed rule says nothing of the value.
 *
 * A text may name the value as `$value`, and a function may put anything of it into the text. So the function is
 * asked again, for a value of the same type and length but other content: a text that changes, or a function that
 * cannot cope, is not for the client.
 */
export function isSilentMessage(message: Message, failure: ValidationArguments): boolean {
  if (typeof message !== 'function') return !message?.includes('$value');
  try {
    const text = message(failure);
    return !text.includes('$value') && text === message(maskedFailure(failure));
  } catch {
    return false;
  }
}

/** The texts that class-validator may have taken for a rule: the user's own, else its constraint's. */
export function messagesOf(rule: Rule, metadata: ClassMetadata): readonly Message[] {
  if (rule.message) return [rule.message];
  return metadata.constraintsOf(rule).map(({ instance }) => instance.defaultMessage?.bind(instance));
}

/** Masks what is looked at only: most texts look at nothing, and the object may be large. */
function maskedFailure(failure: ValidationArguments): ValidationArguments {
  const { targetName, property, constraints } = failure;
  return {
    ...{ targetName, property, constraints },
    get value() {
      return masked(failure.value);
    },
    get object() {
      return masked(failure.object) as object;
    },
  };
}

/** Another value of the same type, length and prototype, of which nothing is left. */
function masked(value: unknown, depth = 0): unknown {
  if (typeof value === 'string')
    return value.replace(/[\s\S]/g, character => (character === 'x' ? 'y' : 'x'));
  if (typeof value === 'number') return value + 7_654_321;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return undefined;
  if (value instanceof Date) return new Date(value.getTime() + 7_654_321_000_000);
  if (Array.isArray(value)) return value.map(item => masked(item, depth + 1));
  const copy: object = Object.create(Object.getPrototypeOf(value));
  for (const [key, item] of Object.entries(value)) Reflect.set(copy, key, masked(item, depth + 1));
  return copy;
}
