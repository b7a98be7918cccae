import { Connection } from '../connection/connection.ts';
import { Handshake } from '../connection/handshake.ts';
import type { HookDeclaration, HookName, ParameterSource } from '../metadata/controller-metadata.ts';
import type { ReflectedType } from '../reflected-types.ts';
import { type ArgumentContext, type Parameter, report } from './argument-context.ts';
import { type BodyType, bodyType, UNKNOWN_BODY } from './body-type.ts';
import { hookName } from './hook-name.ts';
import { hasPipes, piped } from './piped.ts';
import type { Argument, BodyPlan } from './plan.ts';
import type { SlotPlanner } from './plan-slots.ts';

/** What a hook gives by position, in words; its length is how many undecorated parameters it may have. */
const GIVEN: Partial<Record<HookName, readonly string[]>> = {
  parseMessage: ['the frame'],
  transformMessage: ['the decoded value'],
  message: ['the message'],
  auth: ['the data of the frame'],
  ping: ['the bytes'],
  pong: ['the bytes'],
  close: ['the close code', 'the reason'],
  error: ['the error', '{hook, event}'],
};

/** Hooks in which a decorated source has a meaning; the others take it anywhere. */
const ONLY_IN: Partial<
  Record<
    ParameterSource['from'],
    { readonly hooks: readonly HookName[]; readonly text: string; readonly what?: string }
  >
> = {
  body: { hooks: ['message', 'auth'], text: '@OnMessage()' },
  event: { hooks: ['message', 'transformMessage'], text: '@OnMessage() or @TransformMessage()' },
  closeCode: { hooks: ['close'], text: '@OnClose()' },
  closeReason: { hooks: ['close'], text: '@OnClose()' },
  connection: {
    hooks: [
      'open',
      'auth',
      'parseMessage',
      'transformMessage',
      'message',
      'drain',
      'ping',
      'pong',
      'close',
      'error',
    ],
    what: 'there is no Connection yet',
    text: 'a hook from @OnOpen() on; until then take the Handshake',
  },
};

/** Decides where each argument of a hook comes from; what cannot be decided is reported. */
export function planArguments(
  parameters: readonly Parameter[],
  slots: SlotPlanner,
  context: ArgumentContext,
): Argument[] {
  const planned: Argument[] = [];
  let position = 0;
  for (const parameter of parameters) {
    const isPositional = parameter.source === undefined && !isTakenByType(parameter.type);
    const argument = isPositional
      ? planPositional(parameter, position++, context)
      : planSource(parameter, slots, context);
    if (argument !== undefined) planned.push(argument);
  }
  reportTwoBodies(planned, context);
  return planned;
}

function isTakenByType(type: ReflectedType): boolean {
  return (
    type === (Connection as ReflectedType) || type === (Handshake as ReflectedType) || type === AbortSignal
  );
}

function sourceOfType(type: ReflectedType): 'connection' | 'handshake' | 'signal' {
  if (type === AbortSignal) return 'signal';
  return type === (Connection as ReflectedType) ? 'connection' : 'handshake';
}

function planPositional(
  parameter: Parameter,
  position: number,
  context: ArgumentContext,
): Argument | undefined {
  const { hook } = context.declaration;
  const given = GIVEN[hook] ?? [];
  if (position >= given.length) return reportNothingGiven(parameter, given, context);
  if (hook === 'message' || hook === 'auth') return planBody(parameter, { from: 'body' }, context);
  return { from: 'given', at: position as 0 | 1 };
}

function planSource(
  parameter: Parameter,
  slots: SlotPlanner,
  context: ArgumentContext,
): Argument | undefined {
  const source = parameter.source ?? { from: sourceOfType(parameter.type) };
  if (isMisplaced(parameter, source, context)) return undefined;
  switch (source.from) {
    case 'body':
      return planBody(parameter, source, context);
    case 'params':
    case 'query':
    case 'headers':
    case 'cookies':
      return slots.plan(parameter, { ...source, from: source.from }, context);
    case 'custom': {
      const { factory, data, pipes } = source;
      return { from: 'custom', factory, data, isDto: false, ...piped(parameter, { pipes }, context) };
    }
    case 'closeCode':
      return { from: 'given', at: 0 };
    case 'closeReason':
      return { from: 'given', at: 1 };
    default:
      return { from: source.from };
  }
}

function isPlainMessage({ hook, event }: HookDeclaration): boolean {
  return hook === 'message' && event === undefined;
}

/** Reports a source that has no meaning in this hook. */
function isMisplaced(parameter: Parameter, source: ParameterSource, context: ArgumentContext): boolean {
  const allowed = ONLY_IN[source.from];
  if (allowed !== undefined && !allowed.hooks.includes(context.declaration.hook)) {
    report(parameter, context, {
      code: 'GATEWIRE_MISPLACED_PARAMETER',
      what: `${allowed.what ?? `${NAMES[source.from]} has no meaning`} in ${hookName(context.declaration.hook)}`,
      fix: `Take it in ${allowed.text}`,
    });
    return true;
  }
  if (source.from === 'event' && isPlainMessage(context.declaration)) {
    report(parameter, context, {
      code: 'GATEWIRE_MISPLACED_PARAMETER',
      what: '@EventName() has no meaning in @OnMessage() without an event, whose frames are bare',
      fix: `Name the event: @OnMessage('say'), or @OnMessage('*') for all of them`,
    });
    return true;
  }
  return false;
}

function planBody(
  parameter: Parameter,
  source: Extract<ParameterSource, { from: 'body' }>,
  context: ArgumentContext,
): Argument | undefined {
  const declared = bodyType(source.type, parameter.type);
  const isFrame = source.key === undefined && isPlainMessage(context.declaration);
  const type = hasPipes(source) ? leftToPipes(declared, isFrame) : declared;
  const isDto = type.kind === 'checked';
  const body: BodyPlan = { key: source.key, type, isDto, ...piped(parameter, source, context) };
  if (type.kind !== 'unknown') return { from: 'body', body };
  return report(parameter, context, {
    code: 'GATEWIRE_UNTYPED_PARAMETER',
    got: type.got,
    ...UNKNOWN_BODY[type.reason],
  });
}

/** With pipes of its own a parameter's type is what they give, not what they take: only a DTO is checked before. */
function leftToPipes(type: BodyType, isFrame: boolean): BodyType {
  const isKept = type.kind === 'checked' || (isFrame && (type.kind === 'text' || type.kind === 'bytes'));
  return isKept ? type : { kind: 'unchecked' };
}

function reportTwoBodies(planned: readonly Argument[], context: ArgumentContext): void {
  const whole = planned.filter(argument => argument.from === 'body' && argument.body.key === undefined);
  if (whole.length < 2) return;
  context.mistakes.push({
    code: 'GATEWIRE_TWO_BODIES',
    where: context.where,
    what: `${whole.length} parameters take the whole message`,
    fix: `Keep one, or take properties of it by key: @MessageBody('text')`,
  });
}

function reportNothingGiven(
  parameter: Parameter,
  given: readonly string[],
  context: ArgumentContext,
): undefined {
  const hook = hookName(context.declaration.hook);
  const what = given.length === 0 ? 'nothing' : `only ${given.join(' and ')}`;
  const isOpen = ONLY_IN.connection?.hooks.includes(context.declaration.hook);
  return report(parameter, context, {
    code: 'GATEWIRE_MISPLACED_PARAMETER',
    what: `${hook} gives ${what} by position, so this parameter would get nothing`,
    got: parameter.type?.name ?? 'no type',
    fix: isOpen
      ? 'Decorate it (@Param(), @Query() …) or type it as Connection, Handshake or AbortSignal, imported with "import"'
      : 'Type it as Handshake, imported with "import", and take from that what you need',
  });
}

const NAMES: Record<ParameterSource['from'], string> = {
  body: '@MessageBody()',
  event: '@EventName()',
  connection: 'the Connection',
  handshake: 'the Handshake',
  signal: 'the AbortSignal',
  closeCode: '@CloseCode()',
  closeReason: '@CloseReason()',
  custom: 'a custom decorator',
  params: '@Param()',
  query: '@Query()',
  headers: '@Headers()',
  cookies: '@Cookies()',
};
