import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withDeadline } from './deadline.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = join(ROOT, 'lib/cli/gatewire.ts');

/** What a command printed, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for the projects of a spec, below the repository so that nothing has to be installed. */
export class Workshop implements AsyncDisposable {
  readonly #outside: string[] = [];

  private constructor(readonly folder: string) {}

  static async open(): Promise<Workshop> {
    await mkdir(join(ROOT, '.reports'), { recursive: true });
    return new Workshop(await mkdtemp(join(ROOT, '.reports/cli-')));
  }

  path(...segments: string[]): string {
    return resolve(this.folder, ...segments);
  }

  /** Runs the command line from its sources. */
  gatewire(args: readonly string[], folder = '.', env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return this.run([process.execPath, SOURCES, ...args], folder, env);
  }

  async run(
    command: readonly string[],
    folder = '.',
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const child = Bun.spawn([...command], {
      cwd: this.path(folder),
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    try {
      const output = [new Response(child.stdout).text(), new Response(child.stderr).text()] as const;
      const code = await withDeadline(child.exited, 60_000, `${command.join(' ')} did not end`);
      const [stdout, stderr] = await Promise.all(output);
      return { code, stdout, stderr };
    } finally {
      child.kill('SIGKILL');
    }
  }

  /** Writes files, by their paths from a folder. */
  async write(files: Readonly<Record<string, string>>, folder = '.'): Promise<void> {
    for (const [path, text] of Object.entries(files)) await Bun.write(this.path(folder, path), text);
  }

  read(...segments: string[]): Promise<string> {
    return Bun.file(this.path(...segments)).text();
  }

  /** The paths of the files below a folder, sorted. */
  async files(folder: string): Promise<string[]> {
    const found = await readdir(this.path(folder), { recursive: true, withFileTypes: true });
    const files = found.filter(entry => entry.isFile() && !entry.parentPath.includes('node_modules'));
    return files
      .map(({ parentPath, name }) => join(parentPath, name).slice(this.path(folder).length + 1))
      .sort();
  }

  /** Builds the package as it is published, and gives the folder. */
  async build(): Promise<string> {
    const package_ = this.path('gatewire');
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const config = join(ROOT, 'tsconfig.build.json');
    const built = await this.run([process.execPath, tsc, '-p', config, '--outDir', join(package_, 'dist')]);
    if (built.code !== 0) throw new Error(`tsc: ${built.stdout}`);
    await cp(join(ROOT, 'package.json'), join(package_, 'package.json'));
    return package_;
  }

  /** Gives a project the packages that are installed here, and this gatewire. */
  async link(folder: string, gatewire = ROOT): Promise<void> {
    const modules = this.path(folder, 'node_modules');
    await mkdir(modules, { recursive: true });
    for (const name of await readdir(join(ROOT, 'node_modules'))) {
      if (name !== 'gatewire') await symlink(join(ROOT, 'node_modules', name), join(modules, name));
    }
    if (gatewire !== ROOT) return symlink(gatewire, join(modules, 'gatewire'));
    const manifest = await Bun.file(join(ROOT, 'package.json')).text();
    await Bun.write(
      join(modules, 'gatewire/package.json'),
      manifest.replaceAll(/dist\/(.*)\.js/g, 'lib/$1.ts'),
    );
    await symlink(join(ROOT, 'lib'), join(modules, 'gatewire/lib'));
  }

  /** An empty folder that nothing is installed for, nor above it. */
  async outside(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'gatewire-cli-'));
    this.#outside.push(folder);
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of [this.folder, ...this.#outside]) await rm(folder, { recursive: true, force: true });
  }
}
