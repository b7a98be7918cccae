import { parseArgs } from 'node:util';
import { nearestNames } from '../injection/nearest-names.ts';
import { CliError } from './cli-error.ts';
import type { Command, Given, OptionSpec } from './command.ts';

/** The options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  help: { type: 'boolean', short: 'h', what: 'show this help' },
};

/**
 * Reads what follows the name of a command.
 *
 * @throws CliError for an option or an argument that the command does not take, or does not get.
 */
export function parseArguments(command: Command, args: readonly string[]): Given {
  const options = { ...command.options, ...COMMON_OPTIONS };
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = { arguments: [] as string[], flags: new Set<string>(), values: new Map<string, string>() };
  for (const token of tokens) {
    if (token.kind === 'positional') given.arguments.push(token.value);
    if (token.kind === 'option') readOption(token, { command, options, given });
  }
  if (!given.flags.has('help')) checkArguments(command, given.arguments);
  return given;
}

/** `undefined` is no short name to `parseArgs`. */
function parserOptions(options: Readonly<Record<string, OptionSpec>>) {
  const read = ({ type, short }: OptionSpec) => (short === undefined ? { type } : { type, short });
  return Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, read(spec)]));
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

interface Reading {
  readonly command: Command;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly given: { readonly flags: Set<string>; readonly values: Map<string, string> };
}

function readOption({ name, rawName, value }: OptionToken, { command, options, given }: Reading): void {
  const where = `gatewire ${command.name}`;
  const spec = Object.hasOwn(options, name) ? options[name] : undefined;
  if (spec === undefined) throw new CliError(`${where}: ${unknownOption(rawName, options)}`, 2);
  if (spec.type === 'boolean') {
    if (value !== undefined) throw new CliError(`${where}: ${rawName} takes no value (got "${value}")`, 2);
    given.flags.add(name);
    return;
  }
  if (value === undefined || value === '' || value.startsWith('--')) {
    const got = value === undefined ? 'nothing' : `"${value}"`;
    throw new CliError(
      `${where}: ${rawName} takes a value (got ${got}). Write ${rawName} ${spec.value ?? '<value>'}`,
      2,
    );
  }
  given.values.set(name, value);
}

function unknownOption(rawName: string, options: Readonly<Record<string, OptionSpec>>): string {
  const known = Object.keys(options);
  const [nearest] = nearestNames(rawName.replace(/^-+/, ''), known);
  const meant = nearest === undefined ? '' : ` Did you mean --${nearest}?`;
  return `unknown option ${rawName}.${meant} It takes ${known.map(name => `--${name}`).join(', ')}`;
}

function checkArguments(command: Command, given: readonly string[]): void {
  const where = `gatewire ${command.name}`;
  const missing = command.arguments.find((argument, at) => argument.isRequired && given[at] === undefined);
  if (missing !== undefined) {
    const choices =
      missing.choices === undefined ? '' : `, one of ${Object.keys(missing.choices).join(', ')}`;
    throw new CliError(
      `${where}: <${missing.name}> is missing: ${missing.what}${choices}. Try ${where} --help`,
      2,
    );
  }
  const extra = given[command.arguments.length];
  if (extra !== undefined) throw new CliError(`${where}: one argument too many (got "${extra}")`, 2);
}

/** Finds what was meant by a name of a closed list, or says what there is. */
export function choose<Value>(
  name: string,
  choices: ReadonlyMap<string, Value>,
  { where, kind }: { readonly where: string; readonly kind: string },
): Value {
  const found = choices.get(name);
  if (found !== undefined) return found;
  const known = [...choices.keys()];
  const [nearest] = nearestNames(name, known);
  const meant = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw new CliError(`${where}: unknown ${kind} (got "${name}").${meant} There are ${known.join(', ')}`, 2);
}
