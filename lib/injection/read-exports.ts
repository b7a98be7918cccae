import type { Mistake } from '../errors.ts';
import { findBinding, type ModuleNode } from './graph.ts';
import type { ListEntry } from './module-contents.ts';
import {
  describeValue,
  followReference,
  isForwardReference,
  isToken,
  type Token,
  tokenName,
} from './token.ts';

/** Notes what a module exports; what it can't is returned. Its providers and imports are there already. */
export function readExports(module: ModuleNode, entries: readonly ListEntry[]): readonly Mistake[] {
  return entries.flatMap(({ entry, where }) => {
    const token = exportedToken(entry);
    if (token === undefined) return [invalidExport(where, entry)];
    module.exports.add(token);
    return [];
  });
}

/** What modules export without having it, once all modules are scanned. */
export function checkExports(modules: readonly ModuleNode[]): readonly Mistake[] {
  return modules.flatMap(module =>
    [...module.exports].filter(token => !offers(module, token)).map(token => missingExport(module, token)),
  );
}

function exportedToken(entry: unknown): Token | undefined {
  if (isToken(entry)) return entry;
  if (isForwardReference(entry)) return exportedToken(followReference(entry));
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { provide, module } = entry as { readonly provide?: unknown; readonly module?: unknown };
  return [provide, module].find(isToken);
}

function offers(module: ModuleNode, token: Token): boolean {
  return module.providers.has(token) || [...module.imports].some(({ importedAs }) => importedAs === token);
}

function invalidExport(where: string, entry: unknown): Mistake {
  return {
    code: 'GATEWIRE_INVALID_MODULE',
    where,
    what: 'exports what is no token and no module',
    got: describeValue(entry),
    fix:
      entry === undefined
        ? 'Export it with forwardRef(() => TheModule): its file and this one import each other'
        : 'Name a provider of this module, or a module it imports',
  };
}

function missingExport(module: ModuleNode, token: Token): Mistake {
  const name = tokenName(token);
  const source = findBinding(module, token)?.module;
  return {
    code: 'GATEWIRE_INVALID_MODULE',
    where: `${module.name} exports`,
    what: `exports ${name}, which it does not provide`,
    fix:
      source === undefined
        ? `Add ${name} to the providers of ${module.name}, or import it if it is a module`
        : `Export ${source.name}, which it comes from`,
  };
}
