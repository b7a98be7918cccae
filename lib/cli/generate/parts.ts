import type { Change } from '../change-set.ts';
import type { Name } from '../names.ts';
import { filterFiles, guardFiles, interceptorFiles, pipeFiles } from './enhancer-files.ts';
import type { ModuleEntry } from './module-entry.ts';
import { controllerFiles, moduleFiles, serviceFiles } from './part-files.ts';
import { resourceFiles } from './resource-files.ts';

/** Something that can be generated. */
export interface Part {
  readonly what: string;
  /** Its files, from its own folder. */
  readonly files: (name: Name) => Change[];
  /** The list of the nearest module that it belongs into; `undefined` for what is named where it is used. */
  readonly list?: ModuleEntry['list'];
  /** Its class and the file that has it, without an extension. */
  readonly entry: (name: Name) => { readonly className: string; readonly file: string };
}

export type PartKind =
  | 'resource'
  | 'controller'
  | 'module'
  | 'service'
  | 'guard'
  | 'filter'
  | 'pipe'
  | 'interceptor';

export const PARTS: Readonly<Record<PartKind, Part>> = {
  resource: {
    what: 'module, controller, service, DTOs, entity: createRoom findAllRooms findOneRoom updateRoom removeRoom',
    files: resourceFiles,
    list: 'imports',
    entry: entryOf('module'),
  },
  controller: {
    what: 'a controller',
    files: controllerFiles,
    list: 'controllers',
    entry: entryOf('controller'),
  },
  module: { what: 'a module', files: moduleFiles, list: 'imports', entry: entryOf('module') },
  service: { what: 'a provider', files: serviceFiles, list: 'providers', entry: entryOf('service') },
  guard: { what: 'a guard, for @UseGuards()', files: guardFiles, entry: entryOf('guard') },
  filter: { what: 'an exception filter, for @UseFilters()', files: filterFiles, entry: entryOf('filter') },
  pipe: { what: 'a pipe, for @UsePipes() or a parameter', files: pipeFiles, entry: entryOf('pipe') },
  interceptor: {
    what: 'an interceptor, for @UseInterceptors()',
    files: interceptorFiles,
    entry: entryOf('interceptor'),
  },
};

function entryOf(type: string): Part['entry'] {
  const suffix = type.charAt(0).toUpperCase() + type.slice(1);
  return ({ pascal, kebab }) => ({ className: pascal + suffix, file: `${kebab}.${type}` });
}
