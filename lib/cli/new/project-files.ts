import type { Change } from '../change-set.ts';
import type { PackageInfo } from '../package-info.ts';

/** What a project is made from. */
export interface ProjectParts {
  /** As npm takes it. */
  readonly name: string;
  /** What `package.json` asks for of gatewire: a range, or a file. */
  readonly gatewire: string;
  readonly info: PackageInfo;
}

/** The files around the sources. */
export function projectFiles(parts: ProjectParts): Change[] {
  return [
    { path: 'package.json', text: packageJson(parts) },
    { path: 'tsconfig.json', text: TSCONFIG },
    { path: '.gitignore', text: 'node_modules/\n*.log\n.env\n.env.*\n!.env.example\n' },
    { path: 'README.md', text: readme(parts.name) },
  ];
}

function packageJson({ name, gatewire, info }: ProjectParts): string {
  const dev = (dependency: string) => info.devDependencies[dependency] ?? 'latest';
  const manifest = {
    name,
    version: '0.0.1',
    private: true,
    type: 'module',
    scripts: {
      start: 'bun src/main.ts',
      'start:dev': 'bun --hot src/main.ts',
      test: 'bun test',
      check: 'tsc && gatewire doctor',
    },
    dependencies: sorted({ gatewire, ...info.peerDependencies }),
    devDependencies: { 'bun-types': dev('bun-types'), typescript: dev('typescript') },
    engines: info.engines,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => one.localeCompare(other)));
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ESNext",
    "lib": ["ESNext"],
    "module": "Preserve",
    "moduleResolution": "Bundler",
    "types": ["bun-types"],
    "noEmit": true,
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "noImplicitOverride": true,
    "isolatedModules": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true,
    // Without these two no decorated parameter has a type at run time. Bun reads them here and nowhere else.
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true
  },
  "include": ["src"]
}
`;

function readme(name: string): string {
  return `# ${name}

A [Gatewire](https://www.npmjs.com/package/gatewire) application: WebSocket controllers on Bun.

\`\`\`sh
bun install
bun run start       # ws://localhost:3000/chat/blue
bun run start:dev   # again after each change
bun run test        # *.spec.ts, over real connections
bun run check       # types, then what types cannot show
\`\`\`

The port is that of the environment's \`PORT\`, else 3000.

## Talk to it

Everyone at \`/chat/blue\` is told what one of them says:

\`\`\`sh
bun -e '
const socket = new WebSocket("ws://localhost:3000/chat/blue");
socket.onopen = () => socket.send(JSON.stringify({ event: "say", data: { text: "hi" }, id: 1 }));
socket.onmessage = ({ data }) => console.log(data);
'
\`\`\`

## Grow it

\`\`\`sh
bunx gatewire generate resource rooms   # a module with controller, service, DTOs and specs
bunx gatewire routes                    # what is served where
bunx gatewire doctor                    # what goes wrong without an error
bunx gatewire --help
\`\`\`
`;
}
