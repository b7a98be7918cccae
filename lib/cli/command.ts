/** An option of a command, as its help shows it. */
export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** What stands for the value in the help, `<spec>`. */
  readonly value?: string;
  readonly what: string;
}

/** An argument that stands without a name. */
export interface ArgumentSpec {
  readonly name: string;
  readonly isRequired: boolean;
  readonly what: string;
  /** The only ones there are. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** One command of the command line. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly what: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Does it, and gives the exit code. */
  readonly run: (given: Given) => Promise<number>;
}

/** What a command was given, checked against what it takes. */
export interface Given {
  readonly arguments: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}
