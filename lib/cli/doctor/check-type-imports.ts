import type { DecoratedParameter, Decoration } from './decorations.ts';
import type { Finding } from './finding.ts';
import { hasExport, resolveImport, type SourceFile } from './source-file.ts';

/** Parameters whose class is imported as a type only: at run time nothing says what they take. */
export async function checkTypeImports(sources: readonly SourceFile[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const source of sources) {
    for (const suspect of source.decorations.flatMap(decoration => suspectsOf(source, decoration))) {
      if (await isClass(suspect, source)) findings.push(findingOf(suspect));
    }
  }
  return findings;
}

interface TypeOnlyImport {
  readonly local: string;
  readonly imported: string;
  readonly from: string;
}

interface Suspect extends TypeOnlyImport {
  readonly where: string;
}

function suspectsOf(source: SourceFile, decoration: Decoration): Suspect[] {
  const { className, member } = decoration;
  const method = member === undefined ? `${className} constructor` : `${className}.${member}()`;
  return decoration.parameters.flatMap((parameter, at) => {
    const imported = typeOnlyImport(source, parameter.type);
    if (imported === undefined || !needsClass(decoration, parameter, imported.from)) return [];
    return [{ ...imported, where: `${source.name}: ${method} parameter ${at}` }];
  });
}

function typeOnlyImport(source: SourceFile, type: string | undefined): TypeOnlyImport | undefined {
  const [local] = type?.split('.') ?? [];
  for (const { from, names } of source.imports) {
    const found = names.find(name => name.isTypeOnly && name.local === local);
    if (found !== undefined) return { ...found, from };
  }
  return undefined;
}

/** Whether the parameter is told by its type: its decorator names nothing else, and a hook gives it no value by its place. */
function needsClass(decoration: Decoration, { decorators }: DecoratedParameter, from: string): boolean {
  if (decorators.some(decorator => /^Inject\w*\(|=>/.test(decorator))) return false;
  if (decoration.member === undefined || decorators.length > 0 || from === 'gatewire') return true;
  return decoration.decorators.some(decorator => decorator.startsWith('OnMessage('));
}

/** An interface could not be imported otherwise: naming a class instead is said at start. */
async function isClass({ imported, from }: Suspect, source: SourceFile): Promise<boolean> {
  if (imported === '*') return true;
  const path = resolveImport(from, source.path);
  return path !== undefined && hasExport(path, imported);
}

function findingOf({ where, local, imported, from }: Suspect): Finding {
  const name =
    imported === '*' ? `* as ${local}` : `{ ${local === imported ? local : `${imported} as ${local}`} }`;
  return {
    level: 'error',
    where,
    what: `${local} is imported as a type only, so there is no class at run time`,
    got: `import type … from '${from}'`,
    fix: `Write import ${name} from '${from}', and turn off the linter's rule that changes it back`,
  };
}
