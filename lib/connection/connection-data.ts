/** What a connection carries for the application, where its type is not named: anything, by any key. */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown`, no Connection<Seat> of an interface would be a Connection
export type ConnectionData = Record<string, any>;
