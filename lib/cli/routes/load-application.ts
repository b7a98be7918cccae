import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Application } from '../../application.ts';
import { createApplication } from '../../create-application.ts';
import { ConfigurationError } from '../../errors.ts';
import { isModuleType } from '../../injection/module-metadata.ts';
import type { Type } from '../../injection/token.ts';
import { CliError } from '../cli-error.ts';

const DEFAULT_ENTRY = 'src/app.module.ts';

/**
 * The application of a file that exports its root module, or the application itself. It is made, so constructors and
 * factories run, but nothing listens and no lifecycle hook is called.
 *
 * @throws CliError when there is no such file or export, or the application cannot be made.
 */
export async function loadApplication(folder: string, entry = DEFAULT_ENTRY): Promise<Application> {
  const path = join(folder, entry);
  if (!existsSync(path)) {
    throw new CliError(
      `gatewire routes: there is no ${entry}. Name the file that exports the root module, from the project's folder`,
    );
  }
  // Before it is run: a file without exports is one that listens itself.
  const isEmpty = new Bun.Transpiler({ loader: 'ts' }).scan(await Bun.file(path).text()).exports.length === 0;
  if (isEmpty) throw noRoot(entry, 'nothing');
  const found = rootOf(await importEntry(path, entry), entry);
  if (found instanceof Application) return found;
  try {
    return await createApplication(found, { logger: false });
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CliError(error.message);
    throw error;
  }
}

async function importEntry(path: string, entry: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(path);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CliError(error.message);
    throw new CliError(
      `${entry}: it cannot be imported (got ${String(error)}). Correct that; gatewire doctor finds circular imports`,
    );
  }
}

function rootOf(exported: Readonly<Record<string, unknown>>, entry: string): Application | Type {
  const values = Object.entries(exported);
  const application = values.find(([, value]) => value instanceof Application);
  if (application !== undefined) return application[1] as Application;
  const modules = values.filter(([, value]) => typeof value === 'function' && isModuleType(value));
  const [only, ...others] = modules;
  const root =
    others.length === 0 ? only : modules.find(([name]) => name === 'AppModule' || name === 'default');
  if (root === undefined) throw noRoot(entry, values.map(([name]) => name).join(', '));
  return root[1] as Type;
}

function noRoot(entry: string, got: string): CliError {
  return new CliError(
    `${entry}: it exports neither one module nor an application (got ${got}). Name the file of the root module, or export the application that createApplication() gave`,
  );
}
