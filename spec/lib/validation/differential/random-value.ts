import fc from 'fast-check';
import { CASES } from './decorators.ts';
import { type ClassModel, EXPOSES, type PropertyModel, TAGS } from './random-class.ts';
import { gridValues } from './values.ts';

const VALUES = gridValues();
const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'then',
  'prototype',
  'hasOwnProperty',
  'q',
  'z',
  'unknown',
];

interface Place {
  readonly at: number;
  readonly depth: number;
  readonly tag: string | undefined;
}

/** Draws values for a class: mostly what its decorators let pass, some nearly, some hostile. */
export class RandomValues {
  readonly #models: readonly ClassModel[];
  readonly #draw: fc.GeneratorValue;

  constructor(models: readonly ClassModel[], draw: fc.GeneratorValue) {
    this.#models = models;
    this.#draw = draw;
  }

  of(at: number, depth = 0): unknown {
    if (this.#chance(25)) return this.#any();
    const entries: [string, unknown][] = [];
    for (const property of this.#shuffle(this.#properties(at))) {
      if (!this.#chance(7)) entries.push([this.#key(property), this.#property(property, at, depth)]);
    }
    if (this.#chance(4)) entries.push([this.#pick(HOSTILE), this.#any()]);
    return JSON.parse(
      `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`).join()}}`,
    );
  }

  /** Mostly the name under which the property is exposed. */
  #key({ name, expose }: PropertyModel): string {
    const alias = EXPOSES[expose]?.name;
    return alias !== undefined && !this.#chance(4) ? alias : name;
  }

  #property(property: PropertyModel, at: number, depth: number): unknown {
    if (this.#chance(12)) return this.#any();
    if (property.nested >= 0 && depth < (this.#chance(2) ? 3 : 1)) return this.#nested(property, at, depth);
    const rules = property.rules.filter(rule => (CASES[rule.at]?.good.length ?? 0) > 0);
    if (rules.length === 0) return this.#any();
    const rule = this.#pick(rules);
    const good = this.#pick(CASES[rule.at]?.good ?? []);
    return rule.each && this.#chance(2) ? [good, good] : good;
  }

  #nested({ nested, tag }: PropertyModel, at: number, depth: number): unknown {
    const one = () => this.#tagged(nested, { at, depth, tag: TAGS[tag]?.property });
    const many = () => [one(), one()];
    const entries = () => ({ k: one(), size: one(), a: this.#chance(3) ? [one()] : one() });
    const odd = this.#pick([() => [], () => [[one()], one()], () => [null, one()], () => null]);
    return this.#pick([one, one, one, many, many, odd, entries])();
  }

  /** An object that mostly is of the class that it says it is of. */
  #tagged(nested: number, { at, depth, tag }: Place): unknown {
    const which = this.#draw(fc.nat, 1);
    const value = this.of((nested + (tag === undefined ? 0 : which)) % (at + 1), depth + 1);
    if (tag === undefined || typeof value !== 'object' || value === null || this.#chance(9)) return value;
    return { ...value, [tag]: this.#chance(9) ? this.#any() : ['one', 'other'][which] };
  }

  /** Those of the class and of its parents, which it may redeclare. */
  #properties(at: number): readonly PropertyModel[] {
    const model = this.#models[at];
    if (!model) return [];
    const inherited = model.parent < at ? this.#properties(model.parent) : [];
    return [
      ...inherited.filter(({ name }) => !model.properties.some(own => own.name === name)),
      ...model.properties,
    ];
  }

  #shuffle<Item>(items: readonly Item[]): readonly Item[] {
    return this.#chance(2) ? items : [...items].reverse();
  }

  #any(): unknown {
    return this.#pick(VALUES);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#draw(fc.nat, items.length - 1)] as Item;
  }

  /** True once in so many times. */
  #chance(times: number): boolean {
    return this.#draw(fc.nat, times - 1) === 0;
  }
}
