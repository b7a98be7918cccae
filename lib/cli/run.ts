import { CliError } from './cli-error.ts';
import type { Command } from './command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { generateCommand } from './generate/generate-command.ts';
import { helpOf, overview } from './help.ts';
import { runOfProject } from './local-copy.ts';
import { newCommand } from './new/new-command.ts';
import { packageInfo } from './package-info.ts';
import { choose, parseArguments } from './parse-arguments.ts';
import { routesCommand } from './routes/routes-command.ts';

const COMMANDS: readonly Command[] = [newCommand, generateCommand, routesCommand, doctorCommand];

const BY_NAME = new Map(COMMANDS.map(command => [command.name, command]));

/** Runs a command line, without the program's own name, and gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await runCommand(args);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    console.error(error.message);
    return error.exitCode;
  }
}

async function runCommand([name, ...rest]: readonly string[]): Promise<number> {
  const { version } = await packageInfo();
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(overview(COMMANDS, version));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    console.log(version);
    return 0;
  }
  const full = COMMANDS.find(({ aliases }) => aliases.includes(name))?.name ?? name;
  const command = choose(full, BY_NAME, { where: 'gatewire', kind: 'command' });
  const given = parseArguments(command, rest);
  if (given.flags.has('help')) {
    console.log(helpOf(command));
    return 0;
  }
  if (command === newCommand) return command.run(given);
  return (await runOfProject([name, ...rest])) ?? command.run(given);
}
