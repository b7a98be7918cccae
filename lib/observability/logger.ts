/**
 * Where Gatewire writes its log: one call a line, the facts as an object first and the message second, as
 * pino takes them. No line ever holds a payload, a query or a header.
 */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  /** For errors that end the process; a logger without it gets them as `error`. */
  fatal?(facts: object, message: string): void;
}

/** A logger that has every level. */
export type CompleteLogger = Required<Logger>;

const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
type Level = (typeof LEVELS)[number];

/** The same logger, whose lines cannot fail: one that throws or rejects costs its line, and nothing else. */
export function guarded(logger: Logger): CompleteLogger {
  return eachLevel(level => (facts, message) => {
    const write = (own: Logger[Level]) => own?.call(logger, facts, message);
    Promise.try(() => write(logger[level] ?? logger.error)).catch(error =>
      console.error('the logger failed', describe(error).message),
    );
  });
}

/** A logger that writes nothing. */
export const silentLogger: CompleteLogger = eachLevel(() => drop);

function drop(): void {}

function eachLevel(write: (level: Level) => CompleteLogger[Level]): CompleteLogger {
  return Object.fromEntries(LEVELS.map(level => [level, write(level)])) as unknown as CompleteLogger;
}

/**
 * The logger used unless `createApplication()` is given one: lines to read on a terminal, JSON elsewhere.
 * Warnings and errors go to stderr, the rest to stdout; lines below `level` are not written.
 */
export function consoleLogger({
  level = 'info' as Level,
  isPretty = process.stdout.isTTY === true,
} = {}): Logger {
  const format = isPretty ? prettyLine : jsonLine;
  return eachLevel(lineLevel => {
    if (LEVELS.indexOf(lineLevel) < LEVELS.indexOf(level)) return drop;
    const stream = LEVELS.indexOf(lineLevel) < LEVELS.indexOf('warn') ? process.stdout : process.stderr;
    return (facts, message) => void stream.write(`${harmless(format(lineLevel, facts, message))}\n`);
  });
}

function jsonLine(level: Level, facts: object, message: string): string {
  return JSON.stringify({ level, time: new Date().toISOString(), message, ...plain(facts) });
}

function prettyLine(level: Level, facts: object, message: string): string {
  const { error, ...rest } = facts as { error?: unknown };
  const details = Object.entries(rest).map(([name, value]) => ` ${name}=${oneLine(value)}`);
  const stack = 'error' in facts ? (describe(error).stack ?? describe(error).message) : '';
  const below = stack === '' ? '' : `\n${stack}`.replaceAll('\n', '\n    ');
  return `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${message}${details.join('')}${below}`;
}

/** What a terminal acts on, as JSON would escape it: an error's text may hold what a client sent. */
function harmless(line: string): string {
  return line.replace(
    /[^\P{Cc}\n]|[\u2028\u2029]/gu,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON escapes line breaks, so no value can forge a line. */
function oneLine(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function plain(facts: object): object {
  return 'error' in facts ? { ...facts, error: describe(facts.error) } : facts;
}

/** An error as data. What was thrown may be anything, with getters that throw themselves. */
export function describe(error: unknown): { name: string; message: string; stack?: string } {
  try {
    if (typeof error !== 'object' || error === null || !('message' in error)) {
      return { name: typeof error, message: String(error) };
    }
    const { name, message, stack, cause } = error as Error;
    const text =
      cause === undefined ? String(message) : `${String(message)} (cause: ${describe(cause).message})`;
    return { name: String(name), message: text, ...(stack === undefined ? {} : { stack: String(stack) }) };
  } catch {
    return { name: typeof error, message: 'an error that cannot be read' };
  }
}
