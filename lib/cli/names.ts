import { CliError } from './cli-error.ts';

/** One name in the ways that files, classes and properties write it. */
export interface Name {
  /** `chat-room` */
  readonly kebab: string;
  /** `ChatRoom` */
  readonly pascal: string;
  /** `chatRoom` */
  readonly camel: string;
}

/**
 * Reads a name however it is written: `chat-room`, `ChatRoom`, `chat room`.
 *
 * @throws CliError when no class can have that name.
 */
export function nameOf(text: string): Name {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .split(/[-_.\s]+/)
    .filter(word => word !== '')
    .map(word => word.toLowerCase());
  const kebab = words.join('-');
  if (!/^[a-z][a-z0-9-]*$/.test(kebab)) {
    throw new CliError(
      `the name must be letters, digits and dashes, and start with a letter (got "${text}"). Try chat-room`,
      2,
    );
  }
  const pascal = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return { kebab, pascal, camel: pascal.charAt(0).toLowerCase() + pascal.slice(1) };
}

const IRREGULAR: Readonly<Record<string, string>> = {
  children: 'child',
  cookies: 'cookie',
  men: 'man',
  movies: 'movie',
  news: 'news',
  people: 'person',
  series: 'series',
  women: 'woman',
};

/** The name of one of those things: `rooms` → `room`. */
export function singular({ kebab }: Name): Name {
  const words = kebab.split('-');
  const last = words.pop() ?? '';
  return nameOf([...words, singularWord(last)].join('-'));
}

function singularWord(word: string): string {
  const irregular = Object.hasOwn(IRREGULAR, word) ? IRREGULAR[word] : undefined;
  if (irregular !== undefined) return irregular;
  if (/.[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|x|ch|sh|[^aeo]us)es$/.test(word)) return word.slice(0, -2);
  return /[^siu]s$|[^s]ies$/.test(word) ? word.slice(0, -1) : word;
}
