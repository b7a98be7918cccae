/**
 * The parameters of a path by name, as `@Param()` gives them: `:room` and `*` are there, `:seat?` may be missing.
 * A path that is only known as `string` gives a record of any names.
 *
 * @example
 * ```ts
 * @WebSocketRoute('/chat/:room/:seat?')
 * class ChatController {
 *   @OnOpen()
 *   open(@Param() { room, seat = 'any' }: PathParams<'/chat/:room/:seat?'>) {
 *     return `${room} ${seat}`;
 *   }
 * }
 * ```
 */
export type PathParams<Path extends string> = string extends Path
  ? Record<string, string>
  : Flat<{ [Name in Required<SegmentOf<Path>>]: string } & { [Name in Optional<SegmentOf<Path>>]?: string }>;

type SegmentOf<Path extends string> = Path extends `${infer First}/${infer Others}`
  ? First | SegmentOf<Others>
  : Path;

type Required<Segment> =
  Segment extends Optionally<string>
    ? never
    : Segment extends `:${infer Name}`
      ? Name
      : Extract<Segment, '*'>;

type Optional<Segment> = Segment extends Optionally<infer Name> ? Name : never;

type Optionally<Name extends string> = `:${Name}?`;

/** One object type instead of an intersection, which editors show and specs compare. */
type Flat<Type> = { [Name in keyof Type]: Type[Name] };
