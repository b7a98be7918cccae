/** Something that is wrong with a project, or may be: where · what · got · do this. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly where: string;
  readonly what: string;
  readonly got?: string;
  readonly fix: string;
}

export function describeFinding({ level, where, what, got, fix }: Finding): string {
  return `${level.padEnd(7)}  ${where}: ${what}${got === undefined ? '' : ` (got ${got})`}. ${fix}`;
}
