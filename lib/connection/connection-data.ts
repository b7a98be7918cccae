/** What a connection carries for the application, where its type is not named: anything, by any key. */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown`, no Connection<Seat> of an interface would be a Connection
export type ConnectionData = Record<string, any>;

/** The `data` of an event as an argument: it may be left out only where its type allows. */
export type DataArgument<Data> = undefined extends Data ? [data?: Data] : [data: Data];
