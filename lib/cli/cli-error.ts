/** What the one who typed the command can put right: its message is printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    /** What the process ends with: 2 for a command that could not be read, 1 for one that failed. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
