import type { Dialect } from './contestants.ts';
import type { Exchange } from './load/pipeline.ts';
import type { Visit } from './load/visits.ts';

/** As many different messages as no branch predictor or cache of shapes remembers. */
const COUNT = 256;
const WORDS = 'the quick brown fox jumps over a lazy dog while rain keeps falling on quiet roofs'.split(' ');

/** A short text and the same text back. */
export function echoes(dialect: Dialect): Exchange[] {
  const random = randomNumbers();
  return repeat(at => same(wrap(dialect, 'echo', `${at} ${words(random, 6)}`)));
}

/** A message of about 217 bytes, and itself back as it was serialised. */
export function validMessages(dialect: Dialect): Exchange[] {
  return makeMessages().map(message => same(wrap(dialect, 'say', message)));
}

/** The same messages, each with one mistake. */
export function invalidMessages(dialect: Dialect): string[] {
  return makeMessages().map((message, at) =>
    wrap(dialect, 'say', (MISTAKES[at % MISTAKES.length] as Mistake)(message)),
  );
}

/** What a speaker says and what everybody hears. */
export function speeches(dialect: Dialect): Exchange[] {
  const random = randomNumbers();
  return repeat(at => same(wrap(dialect, 'say', `${at} ${words(random, 10)}`)));
}

/** Connections whose query is checked, and what greets them. */
export function greetedVisits(): Visit[] {
  const random = randomNumbers();
  return repeat(at => {
    const name = words(random, 1);
    return {
      path: `/?room=room-${at}&name=${name}&limit=${1 + (at % 100)}`,
      send: null,
      reply: `room-${at} ${name} ${1 + (at % 100)}`,
    };
  });
}

/** Connections with one message each. */
export function echoVisits(dialect: Dialect): Visit[] {
  return echoes(dialect).map(({ send, reply }) => ({ path: '/', send, reply }));
}

type Message = ReturnType<typeof makeMessage>;
type Mistake = (message: Message) => object;

const MISTAKES: readonly Mistake[] = [
  message => ({ ...message, message: 5 }),
  message => ({ ...message, room: 'Not A Room!' }),
  message => ({ ...message, seq: -1 }),
  message => ({ ...message, tags: [...message.tags, 7] }),
  message => ({ ...message, author: { ...message.author, name: '' } }),
  message => ({ ...message, author: { ...message.author, uuid: 'nobody' } }),
];

function makeMessages(): Message[] {
  const random = randomNumbers();
  return repeat(at => makeMessage(at, random));
}

function makeMessage(at: number, random: () => number) {
  return {
    message: words(random, 9),
    room: `room-${at % 40}`,
    seq: 100_000 + at,
    tags: [words(random, 1), words(random, 1), words(random, 1)],
    author: { uuid: uuid(random), name: `${words(random, 1)} ${words(random, 1)}` },
  };
}

function wrap(dialect: Dialect, event: string, data: unknown): string {
  if (dialect === 'envelope') return JSON.stringify({ event, data });
  return typeof data === 'string' ? data : JSON.stringify(data);
}

function same(text: string): Exchange {
  return { send: text, reply: text };
}

function words(random: () => number, count: number): string {
  return Array.from({ length: count }, () => WORDS[random() % WORDS.length]).join(' ');
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 4 }, () => random().toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function repeat<Item>(make: (at: number) => Item): Item[] {
  return Array.from({ length: COUNT }, (_, at) => make(at));
}

/** The same numbers in every run (xorshift32). */
function randomNumbers(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
