import { expect } from 'vitest';
import { type Ran, Workshop } from './cli.ts';

const FLAGS = { experimentalDecorators: true, emitDecoratorMetadata: true };

const IMPORTS = `import {
  Connection, createApplication, forwardRef, Handshake, Inject, Injectable, MessageBody, Module, OnMessage, OnOpen, Query,
  Scope, WebSocketRoute,
} from 'gatewire';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
`;

/** Starts the application, without a top-level await, as most programs do. */
const START = `
async function main() {
  const app = await createApplication(AppModule, { startTimeout: 1 });
  await app.listen({ port: 0, hostname: '127.0.0.1' });
  console.log('listening');
  await app.close();
}
void main();
`;

export interface Program {
  /** Of `main.ts`, between the imports of everything and the start of `AppModule`. */
  readonly source?: string;
  /** What stands in the place of `AppModule` and its start. */
  readonly start?: string;
  /** Files beside it, or `main.ts` itself. */
  readonly files?: Readonly<Record<string, string>>;
  /** `null` for a folder without `tsconfig.json`. */
  readonly compilerOptions?: object | null;
}

/** Programs that are started, each in a folder of its own. */
export class Boots implements AsyncDisposable {
  readonly workshop: Workshop;
  #count = 0;

  private constructor(workshop: Workshop) {
    this.workshop = workshop;
  }

  static async open(): Promise<Boots> {
    const workshop = await Workshop.open();
    await workshop.link('.');
    return new Boots(workshop);
  }

  /** The module of a program, with its start. */
  static app(parts: string): string {
    return `@Module({ ${parts} })\nclass AppModule {}\n${START}`;
  }

  /** Writes a program; gives the name of its folder. */
  async write({ source = '', start = '', files = {}, compilerOptions = FLAGS }: Program): Promise<string> {
    const folder = `boot-${++this.#count}`;
    await this.workshop.write(
      {
        'package.json': '{ "name": "boot", "type": "module" }',
        ...(compilerOptions === null ? {} : { 'tsconfig.json': JSON.stringify({ compilerOptions }) }),
        'main.ts': `${IMPORTS}${source}\n${start}`,
        ...files,
      },
      folder,
    );
    return folder;
  }

  run(folder: string, file = 'main.ts'): Promise<Ran> {
    return this.workshop.run([process.execPath, file], folder);
  }

  /** What a program that must not start says: it ends with 1, by itself, and has not listened. */
  async refusal(program: Program): Promise<string> {
    const folder = await this.write(program);
    return Boots.refusalOf(await this.run(folder)).replaceAll(this.workshop.path(folder), 'HERE');
  }

  static refusalOf({ code, stdout, stderr }: Ran): string {
    expect([code, stdout], stderr).toEqual([1, expect.not.stringContaining('listening')]);
    return stderr;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workshop[Symbol.asyncDispose]();
  }
}
