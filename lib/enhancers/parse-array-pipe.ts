import { Invalid, type Issue } from '../errors.ts';
import type { Type } from '../injection/token.ts';
import { gatherIssues, joinPath } from '../validation/validation.ts';
import { ArgumentChecks } from './argument-checks.ts';
import { type ItemReader, itemReaderOf, parsedItem } from './array-items.ts';
import { httpExceptionOf } from './http-exception-of.ts';
import { isNil, type ParsePipeOptions, parseException } from './parse-failure.ts';
import type { ArgumentMetadata, PipeTransform } from './pipe-transform.ts';
import { checkedOptions, type ValidationPipeOptions } from './validation-pipe-options.ts';

type ItemOptions = Omit<
  ValidationPipeOptions,
  'transform' | 'validateCustomDecorators' | 'expectedType' | 'exceptionFactory'
>;

/** The options of `ParseArrayPipe`; those of `ValidationPipe` say how items of a DTO class are checked. */
export interface ParseArrayPipeOptions extends ItemOptions {
  /** What each item is: `String`, `Number`, `Boolean` or a DTO class. Default: items are left as they are. */
  readonly items?: Type | StringConstructor | NumberConstructor | BooleanConstructor | undefined;
  /** What stands between the items of a text. Default `,`. */
  readonly separator?: string | undefined;
  /** Lets `undefined` and `null` through. Default `false`. */
  readonly optional?: boolean | undefined;
  /** Makes what is thrown: of one text, or of a list of them where several items or properties failed. */
  // biome-ignore lint/suspicious/noExplicitAny: a text or a list of texts; NestJS's signature
  readonly exceptionFactory?: ((error: any) => unknown) | undefined;
}

const NOT_A_LIST = { rule: 'isArray', expected: 'parsable array expected' };

/**
 * Splits a text into a list, or takes one, and reads each item. With `stopAtFirstError: false` it reports every
 * item that failed instead of the first.
 *
 * @example
 * ```ts
 * open(@Query('ids', new ParseArrayPipe({ items: Number })) ids: number[]) {}
 * ```
 */
export class ParseArrayPipe implements PipeTransform {
  readonly #options: ParseArrayPipeOptions;
  readonly #checks: ArgumentChecks;
  readonly #stops: boolean;

  /** @throws TypeError for an option that there is not. */
  constructor(options: ParseArrayPipeOptions = {}) {
    this.#options = options;
    this.#stops = options.stopAtFirstError !== false;
    this.#checks = new ArgumentChecks(
      checkedOptions('new ParseArrayPipe()', options, ['items', 'separator', 'optional']),
    );
  }

  /** Gives the list, or a promise of it where the items are of a DTO class. */
  // biome-ignore lint/suspicious/noExplicitAny: `items`, not the signature, says what it gives
  transform(value: unknown, metadata?: ArgumentMetadata): any {
    const { optional, separator = ',', items } = this.#options;
    if (isNil(value) && optional) return value;
    const list = typeof value === 'string' ? value.trim().split(separator) : value;
    if (!Array.isArray(list)) throw parseException(NOT_A_LIST, metadata, this.#options as ParsePipeOptions);
    if (items === undefined) return list;
    const reader = itemReaderOf(items);
    if (reader !== undefined) return this.#read(list, reader, metadata);
    return this.#check(list.map(parsedItem), items as Type, metadata);
  }

  #read(list: readonly unknown[], reader: ItemReader, metadata: ArgumentMetadata | undefined): unknown[] {
    const values: unknown[] = [];
    const issues: Issue[] = [];
    for (const [at, item] of list.entries()) {
      const value = reader.read(item);
      values.push(value);
      if (value !== undefined) continue;
      issues.push({ path: String(at), rule: reader.rule, message: reader.expected });
      if (this.#stops) break;
    }
    if (issues.length > 0) throw this.#exceptionOf(new Invalid(issues), metadata);
    return values;
  }

  async #check(list: unknown[], type: Type, metadata: ArgumentMetadata | undefined): Promise<unknown> {
    const check = await this.#checks.list(type);
    const result = await check.validate(list);
    if (result instanceof Invalid) throw this.#exceptionOf(result, metadata);
    return result;
  }

  #exceptionOf(invalid: Invalid, metadata: ArgumentMetadata | undefined): unknown {
    const { exceptionFactory, errorHttpStatusCode = 400 } = this.#options;
    const issues = this.#stops ? issuesOfFirst(invalid.issues) : invalid.issues;
    const texts = issues.map(({ path, message }) => `[${indexIn(path)}] ${message}`);
    const said = this.#stops && texts.length === 1 ? texts[0] : texts;
    if (exceptionFactory) return exceptionFactory(said);
    return httpExceptionOf(
      errorHttpStatusCode,
      {
        code: 'validation_failed',
        message: typeof said === 'string' ? said : 'Validation failed',
        issues: below(metadata?.data, issues),
      },
      invalid.cause === undefined ? {} : { cause: invalid.cause },
    );
  }
}

function issuesOfFirst(issues: readonly Issue[]): readonly Issue[] {
  const [first] = issues;
  return issues.filter(({ path }) => indexIn(path) === indexIn(first?.path ?? ''));
}

function indexIn(path: string): string {
  return path.split('.', 1)[0] as string;
}

/** As many of the issues as a client may see, below the key of the argument. */
function below(key: string | undefined, issues: readonly Issue[]): readonly Issue[] {
  const moved = issues.map(issue => ({ ...issue, path: joinPath(key ?? '', issue.path) }));
  return gatherIssues([new Invalid(moved)])?.issues ?? [];
}
