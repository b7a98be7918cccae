import type { Type } from '../injection/token.ts';
import {
  type TextScalar,
  Validation,
  type ValidationOptions,
  type Validator,
} from '../validation/validation.ts';
import type { ArgumentMetadata, ArgumentSource } from './pipe-transform.ts';

const SCALARS: readonly unknown[] = [String, Number, Boolean, Date, Array];
/** Types that no DTO is of: a value of them is left as it is, as in NestJS. */
const UNCHECKED: readonly unknown[] = [...SCALARS, Object, Buffer, Uint8Array];
const TEXTS: readonly ArgumentSource[] = ['param', 'query', 'headers', 'cookies'];

/** Makes the checks of arguments when they are first asked for: for a pipe that is called outside of a route. */
export class ArgumentChecks {
  readonly #validation: Validation;
  readonly #converts: boolean;
  readonly #made = new Map<Type, Map<string, Validator>>();

  constructor(options: ValidationOptions) {
    this.#validation = new Validation(options);
    this.#converts = options.transform ?? true;
  }

  /** The check of an argument, as a route would make it; `null` where there is nothing to check. */
  async of(type: Type, { type: source, data }: ArgumentMetadata): Promise<Validator | null> {
    const isText = TEXTS.includes(source);
    if (UNCHECKED.includes(type)) {
      const isRead = isText && data !== undefined && this.#converts && SCALARS.includes(type);
      return isRead ? this.#validation.scalar(type as unknown as TextScalar, data) : null;
    }
    await this.#validation.load();
    if (!isText || data !== undefined) return this.#once(type, 'json', () => this.#validation.json(type));
    const stripsUnknown = source === 'headers' || source === 'cookies';
    return this.#once(type, source, () => this.#validation.text(type, { stripsUnknown }));
  }

  /** The check of a list of instances. */
  async list(type: Type): Promise<Validator> {
    await this.#validation.load();
    return this.#once(type, 'list', () => this.#validation.json([type]));
  }

  #once(type: Type, name: string, make: () => Validator): Validator {
    const made = this.#made.get(type) ?? new Map<string, Validator>();
    const validator = made.get(name) ?? make();
    this.#made.set(type, made.set(name, validator));
    return validator;
  }
}
