import { TypeCompiler } from '@sinclair/typebox/compiler';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { createMirror } from 'exact-mirror';
import { Validation } from '../../lib/validation/validation.ts';
import { readMessage } from '../servers/checks.ts';
import { MessageDto } from '../servers/dto.ts';
import { MessageSchema as TypeBoxSchema } from '../servers/typebox-schemas.ts';
import { MessageSchema as ZodSchema } from '../servers/zod-schemas.ts';

/** One way to check a message. */
export interface MessageValidator {
  readonly title: string;
  /** The checked value or what is wrong with it. */
  readonly check: (value: unknown) => unknown;
  readonly isAccepted: (result: unknown) => boolean;
}

export async function makeGatewire(): Promise<MessageValidator> {
  const validation = new Validation();
  await validation.load();
  return {
    title: '**Gatewire**, with the instance',
    check: validation.json(MessageDto).validate,
    isAccepted: result => result instanceof MessageDto,
  };
}

export function makeOthers(): MessageValidator[] {
  const typeBox = TypeCompiler.Compile(TypeBoxSchema);
  const mirror = createMirror(TypeBoxSchema as Parameters<typeof createMirror>[0]);
  const explain = (value: unknown) => [...typeBox.Errors(value)];
  return [
    {
      title: 'TypeBox `Check`, its `Errors` on failure',
      check: value => (typeBox.Check(value) ? value : explain(value)),
      isAccepted: result => !Array.isArray(result),
    },
    {
      title: 'TypeBox `Check` and exact-mirror',
      check: value => (typeBox.Check(value) ? mirror(value as never) : explain(value)),
      isAccepted: result => !Array.isArray(result),
    },
    {
      title: 'hand-written, with the copy',
      check: readMessage,
      isAccepted: result => !Array.isArray(result),
    },
    {
      title: 'zod `safeParse`',
      check: value => ZodSchema.safeParse(value),
      isAccepted: result => (result as { success: boolean }).success,
    },
    {
      title: '`plainToInstance` and `validateSync`',
      check: checkWithLibraries,
      isAccepted: result => !Array.isArray(result),
    },
  ];
}

function checkWithLibraries(value: unknown): unknown {
  const instance = plainToInstance(MessageDto, value);
  const errors = validateSync(instance, { whitelist: true, forbidUnknownValues: true });
  return errors.length === 0 ? instance : errors;
}
