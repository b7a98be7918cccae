import type { Command } from '../command.ts';
import { describeDto } from './describe-dto.ts';
import { describeRoute } from './describe-route.ts';
import { loadApplication } from './load-application.ts';
import { table } from './table.ts';

export const routesCommand: Command = {
  name: 'routes',
  aliases: ['r'],
  what: 'show what is served where: paths, events, DTOs, guards, limits',
  arguments: [
    {
      name: 'entry',
      isRequired: false,
      what: 'the file that exports the root module, or the application; default src/app.module.ts',
    },
  ],
  options: {},
  run: async ({ arguments: [entry] }) => {
    const { routes, dtos } = await loadApplication(process.cwd(), entry);
    if (routes.length === 0) {
      console.log('No routes: no module that is imported lists a controller.');
      return 0;
    }
    console.log(table(['PATH', 'EVENT', 'TAKES', 'GUARDS', 'LIMITS'], routes.flatMap(describeRoute)));
    if (dtos.length > 0) console.log(`\n${table(['DTO', 'CHECKED BY'], dtos.flatMap(describeDto))}`);
    return 0;
  },
};
