import { printable } from './printable.ts';

/**
 * Where Gatewire writes its log: one call a line, the facts as an object first and the message second, as
 * pino takes them. No line ever holds a payload, a query or a header; the name of an event is the only thing in it that
 * a client chose, and is cut and free of control characters. `facts.error` is what was thrown.
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
  const toWrite = losesErrors(logger) ? plain : (facts: object) => facts;
  return eachLevel(level => (facts, message) => {
    const write = (own: Logger[Level]) => own?.call(logger, toWrite(facts), message);
    Promise.try(() => write(logger[level] ?? logger.error)).catch(error =>
      console.error('the logger failed', printable(describe(error).message)),
    );
  });
}

/** Where pino keeps how a logger writes what is in a line. */
const PINO_SERIALIZERS = Symbol.for('pino.serializers');

/** Whether a logger is a pino that would write an error as `{}`: without a serializer it takes one for any object. */
function losesErrors(logger: Logger & { readonly [PINO_SERIALIZERS]?: object }): boolean {
  const serializers = logger[PINO_SERIALIZERS];
  return serializers !== undefined && !('error' in serializers);
}

/** A logger that writes nothing. */
export const silentLogger: CompleteLogger = eachLevel(() => drop);

function drop(): void {}

function eachLevel(write: (level: Level) => CompleteLogger[Level]): CompleteLogger {
  return Object.fromEntries(LEVELS.map(level => [level, write(level)])) as unknown as CompleteLogger;
}

/** The lines that a logger writes: those of this level and the ones after it; with `silent` none. */
export type LogLevel = Level | 'silent';

/**
 * The logger used unless `createApplication()` is given one: lines to read on a terminal, JSON elsewhere.
 * Warnings and errors go to stderr, the rest to stdout; lines below `level` are not written. Default `'info'`, or what
 * the environment's `LOG_LEVEL` says.
 */
export function consoleLogger({
  level = levelOfEnvironment() as LogLevel,
  isPretty = process.stdout.isTTY === true,
} = {}): Logger {
  const format = isPretty ? prettyLine : jsonLine;
  const threshold = level === 'silent' ? LEVELS.length : LEVELS.indexOf(level);
  return eachLevel(lineLevel => {
    if (LEVELS.indexOf(lineLevel) < threshold) return drop;
    const stream = LEVELS.indexOf(lineLevel) < LEVELS.indexOf('warn') ? process.stdout : process.stderr;
    return (facts, message) => void stream.write(`${format(lineLevel, facts, message)}\n`);
  });
}

/** A name of somebody else's levels says nothing here. */
function levelOfEnvironment(): LogLevel {
  const name = process.env.LOG_LEVEL?.toLowerCase();
  return [...LEVELS, 'silent' as const].find(level => level === name) ?? 'info';
}

function jsonLine(level: Level, facts: object, message: string): string {
  return oneLine({ level, time: new Date().toISOString(), message, ...plain(facts) });
}

function prettyLine(level: Level, facts: object, message: string): string {
  const { error, ...rest } = facts as { error?: unknown };
  const details = Object.entries(rest).map(([name, value]) => ` ${name}=${oneLine(value)}`);
  const stack = 'error' in facts ? errorLines(error) : '';
  return `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${printable(message)}${details.join('')}${stack}`;
}

/** What was thrown and the calls that led to it; indented, so that no line of its text can pass for one of the log. */
function errorLines(error: unknown): string {
  const { name, message, stack = '' } = describe(error);
  const calls = stack.split('\n').filter(line => /^\s+at /.test(line));
  const lines = [...`${name}: ${message}`.split('\n'), ...calls.map(line => line.trim())];
  return lines.map(line => `\n    ${printable(line)}`).join('');
}

/** JSON without a character that could forge a line: it escapes most of them itself. */
function oneLine(value: unknown): string {
  return printable(JSON.stringify(value) ?? String(value));
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
