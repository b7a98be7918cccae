import type { DtoReport } from '../../validation/validation.ts';

/** The rows of a DTO class: how it is checked, and why not otherwise; then what its author may not expect. */
export function describeDto({ name, compiled, reasons, warnings }: DtoReport): string[][] {
  const how = compiled ? 'compiled' : `class-validator: ${reasons.join('; ')}`;
  return [[name, how], ...warnings.map(warning => ['', `mind: ${warning}`])];
}
