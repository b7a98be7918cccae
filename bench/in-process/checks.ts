import { invalidMessages, validMessages } from '../messages.ts';
import type { InProcessReport } from '../works/in-process.ts';
import { cpuOf } from './cpu.ts';
import type { MessageValidator } from './validators.ts';

/** CPU of one slice, in µs. */
const SLICE = 10_000;
const WARM_UP = 100_000;

interface Kind {
  readonly name: string;
  readonly values: readonly unknown[];
  readonly isValid: boolean;
}

/** Measures all validators in turn, on values that JSON.parse made; each round in another order. */
export function measureChecks(
  validators: readonly MessageValidator[],
  rounds: number,
): InProcessReport['checks'] {
  const kinds: Kind[] = [
    { name: 'valid', values: validMessages('plain').map(({ send }) => JSON.parse(send)), isValid: true },
    { name: 'one mistake', values: invalidMessages('plain').map(text => JSON.parse(text)), isValid: false },
  ];
  const subjects = validators.flatMap(validator => kinds.map(kind => new Subject(validator, kind)));
  for (const subject of subjects) subject.warmUp();
  for (let round = 0; round < rounds; round++) {
    for (const subject of shuffled(subjects)) subject.measure();
  }
  return Map.groupBy(subjects, ({ validator }) => validator)
    .entries()
    .map(([{ title }, of]) => ({
      title,
      figures: Object.fromEntries(of.map(({ kind, figures }) => [kind.name, figures])),
    }))
    .toArray();
}

/** One validator with one kind of values. */
class Subject {
  readonly figures: number[] = [];
  #repeats = 1;

  constructor(
    readonly validator: MessageValidator,
    readonly kind: Kind,
  ) {
    const { title, check, isAccepted } = validator;
    const wrong = kind.values.find(value => isAccepted(check(value)) !== kind.isValid);
    if (wrong !== undefined) throw new Error(`${title} is wrong about ${JSON.stringify(wrong)}`);
  }

  warmUp(): void {
    for (let spent = 0; spent < WARM_UP; ) {
      const cost = cpuOf(() => this.#run());
      spent += cost + 10;
      if (cost < SLICE) this.#repeats = Math.ceil(this.#repeats * Math.min(4, SLICE / Math.max(cost, 1)));
    }
  }

  measure(): void {
    const cost = cpuOf(() => this.#run());
    this.figures.push((1_000 * cost) / (this.#repeats * this.kind.values.length));
  }

  #run(): void {
    const { values } = this.kind;
    const { check } = this.validator;
    for (let repeat = 0; repeat < this.#repeats; repeat++) {
      for (const value of values) last = check(value);
    }
  }
}

/** Written only, so that no check is optimised away. */
export let last: unknown;

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map(item => ({ item, order: Math.random() }))
    .toSorted((left, right) => left.order - right.order)
    .map(({ item }) => item);
}
