import type { ArgumentSpec, Command, OptionSpec } from './command.ts';
import { COMMON_OPTIONS } from './parse-arguments.ts';

/** What `gatewire --help` prints. */
export function overview(commands: readonly Command[], version: string): string {
  const rows = commands.map(({ name, aliases, what }) => [[name, ...aliases].join(', '), what] as const);
  return [
    `gatewire ${version}`,
    '',
    'gatewire <command> [arguments] [options]',
    '',
    ...columns(rows),
    '',
    'gatewire <command> --help shows the arguments and options of a command.',
  ].join('\n');
}

/** What `gatewire <command> --help` prints. */
export function helpOf(command: Command): string {
  const names = command.arguments.map(({ name, isRequired }) => (isRequired ? `<${name}>` : `[${name}]`));
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  return [
    ['gatewire', command.name, ...names, '[options]'].join(' '),
    '',
    `${capitalised(command.what)}.`,
    '',
    ...columns(command.arguments.flatMap(argumentRows)),
    ...(command.arguments.length === 0 ? [] : ['']),
    ...columns(options.map(([name, spec]) => [optionNames(name, spec), spec.what] as const)),
  ].join('\n');
}

function argumentRows({ name, what, choices = {} }: ArgumentSpec): (readonly [string, string])[] {
  const chosen = Object.entries(choices).map(([choice, meaning]) => [`  ${choice}`, meaning] as const);
  return [[`<${name}>`, what], ...chosen];
}

function optionNames(name: string, { short, value }: OptionSpec): string {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
