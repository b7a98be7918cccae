/** What a module gets: a class from a file beside or below it, in one of its lists. */
export interface ModuleEntry {
  readonly list: 'imports' | 'controllers' | 'providers';
  readonly className: string;
  /** From the module's folder, without an extension: `./rooms/rooms.controller`. */
  readonly from: string;
}
