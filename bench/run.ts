import { BASELINE, CONTESTANTS, type Contestant, TWIN } from './contestants.ts';
import { Load } from './harness/load.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { buildForNode, installPeers } from './peers.ts';
import { profile } from './profile.ts';
import { machine } from './report.ts';
import type { Work } from './works/work.ts';
import { WORKS } from './works/works.ts';

const options = readOptionsOrExit();
installPeers();
buildForNode();
if (options.profile === undefined) await measureAll(options);
else
  await profile(
    find([BASELINE, ...CONTESTANTS], [options.profile]),
    find(WORKS, options.only),
    options.settings,
  );

async function measureAll({ only, against, settings, out }: Options): Promise<void> {
  const contestants = against.length === 0 ? CONTESTANTS : [TWIN, ...find(CONTESTANTS, against)];
  const load = new Load();
  const progress = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const sections = [`${machine()}\n`];
  try {
    for (const work of find(WORKS, only)) {
      sections.push(await work.measure({ load, settings, contestants: [...new Set(contestants)], progress }));
    }
  } finally {
    await load.stop();
  }
  const report = sections.join('\n');
  console.log(report);
  if (out !== undefined) await Bun.write(out, report);
}

/** Those of the names, in their own order; all of them for no name. */
function find<Item extends Contestant | Work>(items: readonly Item[], names: readonly string[]): Item[] {
  const unknown = names.filter(name => !items.some(item => item.name === name));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}; there are ${items.map(({ name }) => name).join(', ')}`);
    process.exit(1);
  }
  return items.filter(({ name }) => names.length === 0 || names.includes(name));
}

function readOptionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}
