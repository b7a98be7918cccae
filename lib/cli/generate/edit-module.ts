import { CliError } from '../cli-error.ts';
import { blankLiterals, enclosed, partsOf, type Span } from '../source-scan.ts';
import { addImport } from './add-import.ts';
import type { ModuleEntry } from './module-entry.ts';

/**
 * The source of a module with a class added to one of its lists, and the import of that class.
 *
 * @throws CliError when the list cannot be told for sure; nothing is guessed.
 */
export function editModule(source: string, entry: ModuleEntry, path: string): string {
  const edited = addImport(addToList(source, entry, path), entry, path);
  // What was added has to be found again where it belongs: then it did not land in a comment or a string.
  if (addToList(edited, entry, path) !== edited)
    throw cannot(path, entry, 'its text is laid out in a strange way');
  try {
    new Bun.Transpiler({ loader: 'ts' }).scan(edited);
  } catch (cause) {
    throw cannot(
      path,
      entry,
      `the file would not parse any more: ${(cause as Error).message.split('\n')[0]}`,
    );
  }
  return edited;
}

function addToList(source: string, entry: ModuleEntry, path: string): string {
  const blanked = blankLiterals(source);
  const decorators = [...blanked.matchAll(/@Module\s*\(/g)];
  const [decorator] = decorators;
  if (decorator === undefined || decorators.length > 1) {
    throw cannot(path, entry, `the file has ${decorators.length} classes with @Module(), not one`);
  }
  const call = enclosed(blanked, decorator.index + decorator[0].length - 1);
  if (call === undefined) throw cannot(path, entry, 'the brackets of @Module() do not match');
  if (blanked.slice(call.start, call.end).trim() === '') {
    return insert(source, call.start, `{\n  ${entry.list}: [${entry.className}],\n}`);
  }
  const [argument, ...others] = partsOf(blanked, call);
  const metadata = argument && others.length === 0 ? literal(blanked, argument, '{') : undefined;
  if (metadata === undefined) throw cannot(path, entry, '@Module() is not given one object literal');
  return addToMetadata({ source, blanked, metadata }, entry, path);
}

interface Metadata {
  readonly source: string;
  readonly blanked: string;
  /** Inside the braces. */
  readonly metadata: Span;
}

function addToMetadata({ source, blanked, metadata }: Metadata, entry: ModuleEntry, path: string): string {
  const properties = partsOf(blanked, metadata);
  const key = new RegExp(`^(?:${entry.list}|(['"])${' '.repeat(entry.list.length)}\\1)\\s*:`);
  const isList = ({ start, end }: Span) =>
    key.test(blanked.slice(start, end)) && source.slice(start, end).includes(entry.list);
  const property = properties.find(isList);
  if (property !== undefined) {
    const value = { start: blanked.indexOf(':', property.start) + 1, end: property.end };
    const [only] = partsOf(blanked, value);
    const list = only && literal(blanked, only, '[');
    if (list === undefined) throw cannot(path, entry, `its ${entry.list} are not a list in brackets`);
    return addTo({ source, blanked, list }, entry.className, true);
  }
  const unclear = properties.find(({ start, end }) => {
    const text = blanked.slice(start, end);
    return text.startsWith('...') || text.startsWith('[') || new RegExp(`^${entry.list}\\b`).test(text);
  });
  if (unclear !== undefined) {
    const text = source.slice(unclear.start, unclear.end);
    throw cannot(path, entry, `${text} may hold its ${entry.list}`);
  }
  return addTo({ source, blanked, list: metadata }, `${entry.list}: [${entry.className}]`, false);
}

/** The inside of a part that is a literal and nothing more: `[…]`, not `[…].concat(…)`. */
function literal(blanked: string, { start, end }: Span, open: '[' | '{'): Span | undefined {
  if (blanked[start] !== open) return undefined;
  const inside = enclosed(blanked, start);
  return inside?.end === end - 1 ? inside : undefined;
}

interface List {
  readonly source: string;
  readonly blanked: string;
  readonly list: Span;
}

/** Adds one more part behind the last, on a line of its own where those before are. */
function addTo({ source, blanked, list }: List, text: string, isEntry: boolean): string {
  const parts = partsOf(blanked, list);
  const last = parts.at(-1);
  if (last === undefined) {
    const end = source.slice(list.start, list.end).includes('\n') ? '' : '\n';
    return insert(source, list.start, isEntry ? text : `\n  ${text},${end}`);
  }
  if (parts.some(part => blanked.slice(part.start, part.end) === text)) return source;
  const comma = blanked.slice(last.end, list.end).indexOf(',');
  const end = comma === -1 ? last.end : last.end + comma + 1;
  const isOneLine = !blanked.slice(list.start, last.start).includes('\n');
  if (isOneLine) return insert(source, end, comma === -1 ? `, ${text}` : ` ${text},`);
  // Behind the comment that may end the line, which is blank here.
  const rest = /^[^\S\n]*(?=\n)/.exec(blanked.slice(end, list.end))?.[0].length ?? 0;
  const [, indent = ''] = /(?:^|\n)([ \t]*)[^\n]*$/.exec(source.slice(0, last.start)) ?? [];
  const added = insert(source, end + rest, `\n${indent}${text},`);
  return comma === -1 ? insert(added, last.end, ',') : added;
}

function insert(source: string, at: number, text: string): string {
  return source.slice(0, at) + text + source.slice(at);
}

function cannot(path: string, { className, list }: ModuleEntry, why: string): CliError {
  return new CliError(
    `${path}: cannot add ${className} to the module (${why}), nothing was written. ` +
      `Add it to its ${list} yourself, with --skip-import here`,
  );
}
