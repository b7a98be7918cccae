import type { Change } from '../change-set.ts';
import type { Name } from '../names.ts';

export function controllerFiles({ kebab, pascal }: Name): Change[] {
  return [
    {
      path: `${kebab}.controller.ts`,
      text: `import { MessageBody, OnMessage, WebSocketRoute } from 'gatewire';

@WebSocketRoute('/${kebab}')
export class ${pascal}Controller {
  @OnMessage('echo')
  echo(@MessageBody() text: string) {
    return text;
  }
}
`,
    },
    {
      path: `${kebab}.controller.spec.ts`,
      text: `import { describe, expect, it } from 'bun:test';
import { Test } from 'gatewire/testing';
import { ${pascal}Controller } from './${kebab}.controller';

describe('${pascal}Controller', () => {
  it('sends a text back', async () => {
    await using app = await Test.createTestingModule({ controllers: [${pascal}Controller] }).compile();
    await using client = await app.connect('/${kebab}');
    expect(await client.request('echo', 'hi')).toBe('hi');
  });
});
`,
    },
  ];
}

export function moduleFiles({ kebab, pascal }: Name): Change[] {
  return [
    {
      path: `${kebab}.module.ts`,
      text: `import { Module } from 'gatewire';

@Module({})
export class ${pascal}Module {}
`,
    },
  ];
}

export function serviceFiles({ kebab, pascal }: Name): Change[] {
  return [
    {
      path: `${kebab}.service.ts`,
      text: `import { Injectable } from 'gatewire';

@Injectable()
export class ${pascal}Service {}
`,
    },
    {
      path: `${kebab}.service.spec.ts`,
      text: `import { describe, expect, it } from 'bun:test';
import { Test } from 'gatewire/testing';
import { ${pascal}Service } from './${kebab}.service';

describe('${pascal}Service', () => {
  it('is provided', async () => {
    await using app = await Test.createTestingModule({ providers: [${pascal}Service] }).compile();
    expect(app.get(${pascal}Service)).toBeInstanceOf(${pascal}Service);
  });
});
`,
    },
  ];
}

/** A spec that makes the class by hand: the place for the first real one. */
export function constructedSpec(kebab: string, className: string, type: string): string {
  return `import { describe, expect, it } from 'bun:test';
import { ${className} } from './${kebab}.${type}';

describe('${className}', () => {
  it('is made without dependencies', () => {
    expect(new ${className}()).toBeInstanceOf(${className});
  });
});
`;
}
