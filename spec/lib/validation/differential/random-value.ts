import fc from 'fast-check';
import { CASES } from './decorators.ts';
import type { ClassModel, PropertyModel } from './random-class.ts';
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
      if (!this.#chance(7)) entries.push([property.name, this.#property(property, at, depth)]);
    }
    if (this.#chance(4)) entries.push([this.#pick(HOSTILE), this.#any()]);
    return JSON.parse(
      `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`).join()}}`,
    );
  }

  #property(property: PropertyModel, at: number, depth: number): unknown {
    if (this.#chance(12)) return this.#any();
    if (property.nested >= 0 && depth < (this.#chance(2) ? 3 : 1))
      return this.#nested(property.nested % (at + 1), depth);
    const rules = property.rules.filter(rule => (CASES[rule.at]?.good.length ?? 0) > 0);
    if (rules.length === 0) return this.#any();
    const rule = this.#pick(rules);
    const good = this.#pick(CASES[rule.at]?.good ?? []);
    return rule.each && this.#chance(2) ? [good, good] : good;
  }

  #nested(at: number, depth: number): unknown {
    const one = () => this.of(at, depth + 1);
    return this.#pick([one, one, () => [one(), one()], () => [], () => [[one()], one()], () => null])();
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
