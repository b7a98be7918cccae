import { type Application, type ApplicationOptions, createApplication, type Logger, Module } from 'gatewire';
import { Client, type ConnectOptions } from './client.ts';

/** One line a logger was given. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly facts: Record<string, unknown>;
  readonly message: string;
}

/** A logger that keeps its lines. */
export function memoryLogger(): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: keyof Logger) => (facts: object, message: string) => {
    lines.push({ level, facts: facts as Record<string, unknown>, message });
  };
  return {
    lines,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  };
}

/** A running application of some controllers, on a free port of loopback. */
export interface Running extends AsyncDisposable {
  readonly app: Application;
  readonly url: string;
  /** What was logged so far. */
  readonly log: readonly LogLine[];
  connect(path: string, options?: ConnectOptions): Promise<Client>;
}

type ModuleParts = NonNullable<Parameters<typeof Module>[0]>;

/** Starts controllers, or a module's parts; `configure` runs before it listens. */
export async function serve<Path extends string = string>(
  parts: ModuleParts | NonNullable<ModuleParts['controllers']>,
  options: ApplicationOptions<Path> = {},
  configure: (app: Application) => void = () => {},
): Promise<Running> {
  class SpecModule {}
  Module(Array.isArray(parts) ? { controllers: parts } : (parts as ModuleParts))(SpecModule);
  const { logger, lines } = memoryLogger();
  const app = await createApplication(SpecModule, { logger, ...options });
  configure(app);
  await app.listen({ port: 0, hostname: '127.0.0.1' });
  return {
    app,
    url: app.url,
    log: lines,
    connect: (path, connectOptions) => Client.connect(app.url + path, connectOptions),
    [Symbol.asyncDispose]: () => app.close({ timeout: 1000 }),
  };
}

/** The configuration mistakes of some controllers, as one text. */
export async function mistakesOf(
  parts: ModuleParts | NonNullable<ModuleParts['controllers']>,
  options: ApplicationOptions = {},
): Promise<string> {
  try {
    await using _running = await serve(parts, options);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the application started');
}
