import type { ClassMetadata } from '../class-metadata.ts';
import { castOf } from '../compiler/copy-json.ts';
import type { DtoCompilers } from '../compiler/dto-compilers.ts';
import type { DtoShapes } from '../dto-shapes.ts';
import type { OutgoingCompiler } from '../outgoing/outgoing-compiler.ts';
import { isStandardSchema } from '../standard-schema.ts';
import type { ResolvedOptions } from '../validation-options.ts';
import type { Class, ValueType } from '../validator.ts';
import { classSchema, openSchema, sentClassSchema } from './class-schema.ts';
import { ANYTHING, type JsonSchema } from './json-schema.ts';
import { standardJsonSchema } from './standard-json-schema.ts';

export interface JsonSchemasContext {
  readonly metadata: ClassMetadata;
  readonly shapes: DtoShapes;
  readonly options: ResolvedOptions;
  readonly compilers: DtoCompilers;
  readonly outgoing: OutgoingCompiler;
}

/** How a value is read: the same class takes other texts in a query than values in a message. */
export interface SchemaUse {
  /** Whether texts stand for values: params, query, headers, cookies. */
  readonly isText?: boolean;
  /** Whether it is the JSON of what is sent, not what comes in. */
  readonly isSent?: boolean;
  /** As in `TextOptions`. */
  readonly stripsUnknown?: boolean;
}

/**
 * The JSON Schemas (draft-07) of an application's values. A DTO class gets one definition for each use that differs,
 * named after the class; two classes of one name get two names.
 *
 * A schema accepts every value that the check of the class accepts, and more only where JSON Schema has no word for a
 * rule, which `$comment` then names.
 */
export class JsonSchemas {
  readonly #context: () => JsonSchemasContext;
  readonly #root: string;
  readonly #definitions = new Map<string, JsonSchema>();
  readonly #names = new Map<Class, string>();

  /** `root` is where the definitions will be found: `#/definitions`, `#/components/schemas`. */
  constructor(context: () => JsonSchemasContext, root: string) {
    this.#context = context;
    this.#root = root;
  }

  /** What is referred to so far, by name. */
  get definitions(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries(this.#definitions);
  }

  /** The schema of a type in one use; a DTO class as `$ref`. */
  of(type: ValueType, use: SchemaUse = {}): JsonSchema {
    if (isStandardSchema(type)) return standardJsonSchema(type, use.isSent ? 'output' : 'input');
    if (Array.isArray(type)) return { type: 'array', items: this.of(type[0], use) };
    return this.#refer(type as Class, use);
  }

  #refer(type: Class, use: SchemaUse): JsonSchema {
    const name = `${this.#nameOf(type)}${suffixOf(use)}`;
    if (!this.#definitions.has(name)) {
      // Known before it is made, because a DTO may hold others of its own class.
      this.#definitions.set(name, ANYTHING);
      this.#definitions.set(name, this.#define(type, use));
    }
    return { $ref: `${this.#root}/${name}` };
  }

  #define(type: Class, use: SchemaUse): JsonSchema {
    return use.isSent ? this.#defineSent(type, use) : this.#defineIncoming(type, use);
  }

  #defineSent(type: Class, use: SchemaUse): JsonSchema {
    const { metadata, shapes, outgoing } = this.#context();
    const { plan, reason } = outgoing.compile(type);
    if (plan === null) return openSchema(shapes.of(type), [reason ?? '']);
    return sentClassSchema(plan, property => {
      const declared = metadata.declaredType(type, property);
      const below = declared?.kind === 'class' ? declared.type : null;
      const cast = castOf(below);
      const isNested = below !== null && cast === null;
      return { cast, ref: isNested ? this.#refer(below, use) : ANYTHING };
    });
  }

  #defineIncoming(type: Class, use: SchemaUse): JsonSchema {
    const { metadata, shapes, options, compilers } = this.#context();
    const compiler = compilers.planning({
      unknown: use.stripsUnknown ? 'strip' : options.unknown,
      isText: use.isText ?? false,
    });
    const { plan, reasons } = compiler.compile(type);
    const shape = shapes.of(type);
    if (plan === null) return openSchema(shape, reasons);
    const refOf = (property: string) => {
      const declared = metadata.declaredType(type, property);
      const isNested = shape.properties.get(property)?.nested && declared?.kind === 'class';
      return isNested ? this.#refer(declared.type, use) : ANYTHING;
    };
    return classSchema(plan, { shape, isText: use.isText ?? false, refOf });
  }

  /** By identity: minifiers and other files have classes of the same name. */
  #nameOf(type: Class): string {
    const known = this.#names.get(type);
    if (known !== undefined) return known;
    // What AsyncAPI and a JSON pointer allow without escapes.
    const base = type.name.replace(/[^\w-]/g, '_') || 'Dto';
    const taken = new Set(this.#names.values());
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
    this.#names.set(type, name);
    return name;
  }
}

function suffixOf({ isSent, isText, stripsUnknown }: SchemaUse): string {
  if (isSent) return '.sent';
  return `${isText ? '.text' : ''}${stripsUnknown ? '.open' : ''}`;
}
