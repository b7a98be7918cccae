import type { Change } from '../change-set.ts';
import { type Name, singular } from '../names.ts';
import { controllerSpecText, type ResourceNames, serviceSpecText } from './resource-specs.ts';

/** A feature with its events, kept in memory until a database takes over. */
export function resourceFiles(all: Name): Change[] {
  const names = { all, one: singular(all) };
  const { kebab } = all;
  const one = names.one.kebab;
  return [
    { path: `${kebab}.module.ts`, text: moduleText(names) },
    { path: `${kebab}.controller.ts`, text: controllerText(names) },
    { path: `${kebab}.controller.spec.ts`, text: controllerSpecText(names) },
    { path: `${kebab}.service.ts`, text: serviceText(names) },
    { path: `${kebab}.service.spec.ts`, text: serviceSpecText(names) },
    { path: `dto/create-${one}.dto.ts`, text: createDtoText(names) },
    { path: `dto/update-${one}.dto.ts`, text: updateDtoText(names) },
    { path: `entities/${one}.entity.ts`, text: entityText(names) },
  ];
}

function moduleText({ all }: ResourceNames): string {
  return `import { Module } from 'gatewire';
import { ${all.pascal}Controller } from './${all.kebab}.controller';
import { ${all.pascal}Service } from './${all.kebab}.service';

@Module({
  controllers: [${all.pascal}Controller],
  providers: [${all.pascal}Service],
})
export class ${all.pascal}Module {}
`;
}

function controllerText({ all, one }: ResourceNames): string {
  return `import { MessageBody, OnMessage, WebSocketRoute } from 'gatewire';
import { Create${one.pascal}Dto } from './dto/create-${one.kebab}.dto';
import { Update${one.pascal}Dto } from './dto/update-${one.kebab}.dto';
import { ${all.pascal}Service } from './${all.kebab}.service';

@WebSocketRoute('/${all.kebab}')
export class ${all.pascal}Controller {
  constructor(private readonly ${all.camel}Service: ${all.pascal}Service) {}

  @OnMessage('create${one.pascal}')
  create(@MessageBody() create${one.pascal}Dto: Create${one.pascal}Dto) {
    return this.${all.camel}Service.create(create${one.pascal}Dto);
  }

  @OnMessage('findAll${all.pascal}')
  findAll() {
    return this.${all.camel}Service.findAll();
  }

  @OnMessage('findOne${one.pascal}')
  findOne(@MessageBody() id: number) {
    return this.${all.camel}Service.findOne(id);
  }

  @OnMessage('update${one.pascal}')
  update(@MessageBody() update${one.pascal}Dto: Update${one.pascal}Dto) {
    return this.${all.camel}Service.update(update${one.pascal}Dto);
  }

  @OnMessage('remove${one.pascal}')
  remove(@MessageBody() id: number) {
    return this.${all.camel}Service.remove(id);
  }
}
`;
}

function serviceText({ all, one }: ResourceNames): string {
  return `import { Injectable, NotFoundException } from 'gatewire';
import type { Create${one.pascal}Dto } from './dto/create-${one.kebab}.dto';
import type { Update${one.pascal}Dto } from './dto/update-${one.kebab}.dto';
import { ${one.pascal} } from './entities/${one.kebab}.entity';

/** Keeps everything in memory: the place for a database. */
@Injectable()
export class ${all.pascal}Service {
  readonly #byId = new Map<number, ${one.pascal}>();
  #lastId = 0;

  create({ name }: Create${one.pascal}Dto): ${one.pascal} {
    const ${one.camel} = new ${one.pascal}(++this.#lastId, name);
    this.#byId.set(${one.camel}.id, ${one.camel});
    return ${one.camel};
  }

  findAll(): ${one.pascal}[] {
    return [...this.#byId.values()];
  }

  findOne(id: number): ${one.pascal} {
    const ${one.camel} = this.#byId.get(id);
    if (${one.camel} === undefined) throw new NotFoundException(\`No ${one.kebab} has the id \${id}\`);
    return ${one.camel};
  }

  update({ id, name }: Update${one.pascal}Dto): ${one.pascal} {
    const ${one.camel} = this.findOne(id);
    if (name !== undefined) ${one.camel}.name = name;
    return ${one.camel};
  }

  remove(id: number): ${one.pascal} {
    const ${one.camel} = this.findOne(id);
    this.#byId.delete(id);
    return ${one.camel};
  }
}
`;
}

function createDtoText({ one }: ResourceNames): string {
  return `import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class Create${one.pascal}Dto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  name!: string;
}
`;
}

function updateDtoText({ one }: ResourceNames): string {
  return `import { IsInt, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

export class Update${one.pascal}Dto {
  @IsInt()
  id!: number;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  name?: string;
}
`;
}

function entityText({ one }: ResourceNames): string {
  return `export class ${one.pascal} {
  constructor(
    readonly id: number,
    public name: string,
  ) {}
}
`;
}
