import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workshop } from '../support/cli.ts';

let workshop: Workshop;
let count = 0;

beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop[Symbol.asyncDispose]());

const APP_MODULE = `import { Module } from 'gatewire';\n\n@Module({})\nexport class AppModule {}\n`;

/** A project with an empty module and these files, in a folder of its own. */
async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = `project-${++count}`;
  await workshop.write({ 'package.json': '{}', 'src/app.module.ts': APP_MODULE, ...files }, folder);
  return folder;
}

/** The paths of its files below `src`. */
async function sources(folder: string): Promise<string[]> {
  return (await workshop.files(folder)).filter(path => path.startsWith('src/'));
}

describe('gatewire generate', () => {
  it('makes what nest g makes for a resource, and adds its module to the one above', async () => {
    const folder = await project();
    const { code, stdout } = await workshop.gatewire(['g', 'resource', 'rooms'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CREATE src\/rooms\/rooms\.module\.ts \(\d+ bytes\)\n/);
    expect(stdout).toMatch(/\nUPDATE src\/app\.module\.ts \(\d+ bytes\)\n$/);
    expect(await sources(folder)).toEqual([
      'src/app.module.ts',
      'src/rooms/dto/create-room.dto.ts',
      'src/rooms/dto/update-room.dto.ts',
      'src/rooms/entities/room.entity.ts',
      'src/rooms/rooms.controller.spec.ts',
      'src/rooms/rooms.controller.ts',
      'src/rooms/rooms.module.ts',
      'src/rooms/rooms.service.spec.ts',
      'src/rooms/rooms.service.ts',
    ]);
    const module = await workshop.read(folder, 'src/app.module.ts');
    expect(module).toContain(`import { RoomsModule } from './rooms/rooms.module';`);
    expect(module).toContain('imports: [RoomsModule]');
    const controller = await workshop.read(folder, 'src/rooms/rooms.controller.ts');
    const events = [...controller.matchAll(/@OnMessage\('(\w+)'\)/g)].map(([, event]) => event);
    expect(events).toEqual(['createRoom', 'findAllRooms', 'findOneRoom', 'updateRoom', 'removeRoom']);
    expect(controller).toContain('class RoomsController');
  });

  it.each([
    ['controller', 'ChatRoomController', 'controllers'],
    ['service', 'ChatRoomService', 'providers'],
    ['module', 'ChatRoomModule', 'imports'],
  ])('makes a %s with its spec, and adds it to the nearest module', async (part, className, list) => {
    const folder = await project();
    const { code } = await workshop.gatewire(['generate', part, 'ChatRoom'], folder);
    expect(code).toBe(0);
    const file = `src/chat-room/chat-room.${part}.ts`;
    const files = [file, file.replace('.ts', '.spec.ts')].filter(
      path => path !== 'src/chat-room/chat-room.module.spec.ts',
    );
    expect(await sources(folder)).toEqual(expect.arrayContaining(files));
    expect(await workshop.read(folder, file)).toContain(`export class ${className} `);
    const module = await workshop.read(folder, 'src/app.module.ts');
    expect(module).toContain(`import { ${className} } from './chat-room/chat-room.${part}';`);
    expect(module).toContain(`${list}: [${className}]`);
  });

  it.each([
    ['guard', 'AuthGuard implements CanActivate'],
    ['filter', 'AuthFilter implements ExceptionFilter'],
    ['pipe', 'AuthPipe implements PipeTransform'],
    ['interceptor', 'AuthInterceptor implements NestInterceptor'],
  ])('makes a %s with its spec, which no module lists', async (part, declaration) => {
    const folder = await project();
    const { stdout } = await workshop.gatewire(['g', part, 'auth'], folder);
    expect(stdout).not.toContain('app.module');
    expect(await sources(folder)).toEqual([
      'src/app.module.ts',
      `src/auth/auth.${part}.spec.ts`,
      `src/auth/auth.${part}.ts`,
    ]);
    expect(await workshop.read(folder, `src/auth/auth.${part}.ts`)).toContain(`export class ${declaration} `);
  });

  it('adds to the module of the same folder before one above', async () => {
    const folder = await project({ 'src/rooms/rooms.module.ts': APP_MODULE.replace('App', 'Rooms') });
    await workshop.gatewire(['g', 'service', 'rooms'], folder);
    await workshop.gatewire(['g', 'service', 'rooms/seats'], folder);
    const module = await workshop.read(folder, 'src/rooms/rooms.module.ts');
    expect(module).toContain(`import { RoomsService } from './rooms.service';`);
    expect(module).toContain(`import { SeatsService } from './seats/seats.service';`);
    expect(module).toContain('providers: [RoomsService, SeatsService]');
    expect(await workshop.read(folder, 'src/app.module.ts')).toBe(APP_MODULE);
  });

  it('adds a module to the one above, not to itself', async () => {
    const folder = await project();
    await workshop.gatewire(['g', 'module', 'rooms'], folder);
    await workshop.gatewire(['g', 'module', 'rooms/seats'], folder);
    expect(await workshop.read(folder, 'src/app.module.ts')).toContain('imports: [RoomsModule]');
    expect(await workshop.read(folder, 'src/rooms/rooms.module.ts')).toContain('imports: [SeatsModule]');
  });

  it('adds to the module it is told', async () => {
    const folder = await project({ 'src/other/other.module.ts': APP_MODULE.replace('App', 'Other') });
    const args = ['g', 'service', 'rooms', '--module', 'src/other/other.module.ts'];
    expect((await workshop.gatewire(args, folder)).code).toBe(0);
    const module = await workshop.read(folder, 'src/other/other.module.ts');
    expect(module).toContain(`import { RoomsService } from '../rooms/rooms.service';`);
    const missing = await workshop.gatewire(['g', 'service', 'seats', '-m', 'src/gone.module.ts'], folder);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('there is no module src/gone.module.ts');
  });

  it('writes nothing when it cannot read the module', async () => {
    const folder = await project({ 'src/app.module.ts': '@Module(metadata())\nexport class AppModule {}\n' });
    const { code, stderr } = await workshop.gatewire(['g', 'controller', 'rooms'], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('src/app.module.ts: cannot add RoomsController to the module');
    expect(await sources(folder)).toEqual(['src/app.module.ts']);
    const skipped = await workshop.gatewire(['g', 'controller', 'rooms', '--skip-import'], folder);
    expect(skipped.code).toBe(0);
    expect(await sources(folder)).toContain('src/rooms/rooms.controller.ts');
  });

  it('asks which module is meant where a folder has several', async () => {
    const folder = await project({
      'src/main.module.ts': APP_MODULE,
      'src/rooms/a.module.ts': APP_MODULE,
      'src/rooms/b.module.ts': APP_MODULE,
    });
    const { code, stderr } = await workshop.gatewire(['g', 'service', 'rooms'], folder);
    expect([code, stderr]).toEqual([
      1,
      'src/rooms: several modules, none named after the folder (got a.module.ts, b.module.ts). Name one with --module <file>\n',
    ]);
    const above = await workshop.gatewire(['g', 'service', 'seats'], folder);
    expect(above.stdout).toContain('UPDATE src/app.module.ts');
  });

  it('runs in the folder of a project only', async () => {
    const folder = await project();
    const { code, stdout, stderr } = await workshop.gatewire(['g', 'service', 'rooms'], `${folder}/src`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^gatewire generate: there is no package\.json in .*\/src\. Run it in the folder of a project\n$/,
    );
  });

  it('says so where there is no module', async () => {
    const folder = `project-${++count}`;
    await workshop.write({ 'package.json': '{}' }, folder);
    const { code, stdout } = await workshop.gatewire(['g', 'service', 'rooms'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('No module in src/rooms or above it: add the providers entry where it belongs.');
  });

  it('never replaces a file unasked, nor writes the others', async () => {
    const folder = await project({ 'src/rooms/rooms.service.ts': '// mine\n' });
    const refused = await workshop.gatewire(['g', 'resource', 'rooms'], folder);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'src/rooms/rooms.service.ts: there already, nothing was written. Choose another name, or replace with --force\n',
    });
    expect(await sources(folder)).toEqual(['src/app.module.ts', 'src/rooms/rooms.service.ts']);
    const forced = await workshop.gatewire(['g', 'resource', 'rooms', '--force'], folder);
    expect(forced.stdout).toContain('UPDATE src/rooms/rooms.service.ts');
    expect(await workshop.read(folder, 'src/rooms/rooms.service.ts')).toContain('class RoomsService');
  });

  it('makes no folder with --flat, and no spec with --no-spec', async () => {
    const folder = await project();
    await workshop.gatewire(['g', 'service', 'billing/tax', '--flat', '--no-spec'], folder);
    expect(await sources(folder)).toEqual(['src/app.module.ts', 'src/billing/tax.service.ts']);
    const module = await workshop.read(folder, 'src/app.module.ts');
    expect(module).toContain(`from './billing/tax.service';`);
  });

  it('runs in the version that the project has installed', async () => {
    const folder = await project({
      'node_modules/gatewire/package.json': '{ "name": "gatewire", "version": "9.9.9" }',
      'node_modules/gatewire/dist/cli/gatewire.js': `console.log('9.9.9', ...process.argv.slice(2));\nprocess.exit(3);\n`,
    });
    const ran = await workshop.gatewire(['g', 'service', 'rooms'], folder);
    expect(ran).toEqual({ code: 3, stdout: '9.9.9 g service rooms\n', stderr: '' });
  });

  it('writes nothing on a dry run', async () => {
    const folder = await project();
    const { code, stdout } = await workshop.gatewire(['g', 'resource', 'rooms', '--dry-run'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('CREATE src/rooms/rooms.module.ts');
    expect(stdout).toContain('UPDATE src/app.module.ts');
    expect(await sources(folder)).toEqual(['src/app.module.ts']);
    expect(await workshop.read(folder, 'src/app.module.ts')).toBe(APP_MODULE);
  });

  it.each([
    [
      ['g', 'contoller', 'a'],
      'unknown part (got "contoller"). Did you mean "controller"? There are resource, controller,',
    ],
    [['g'], 'gatewire generate: <part> is missing: which part, one of resource, controller'],
    [['g', 'service'], 'gatewire generate: <name> is missing'],
    [['g', 'service', '../x'], 'the name must be below src (got "../x")'],
    [['g', 'service', 'a b!'], 'the name must be letters'],
    [['g', 'service', 'x', '--module'], '--module takes a value'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await workshop.gatewire(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });
});
