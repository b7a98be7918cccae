import type { InProcessReport } from '../works/in-process.ts';
import { measureChecks } from './checks.ts';
import { measureCompile } from './compile.ts';
import { makeGatewire, makeOthers } from './validators.ts';

/** `rounds` on the command line; `gatewire` after it leaves the others out, which cannot run without `new Function`. */
const [rounds = '6', only] = process.argv.slice(2);
const gatewire = await makeGatewire();
const isAlone = only === 'gatewire';
const report: InProcessReport = {
  checks: measureChecks(isAlone ? [gatewire] : [gatewire, ...makeOthers()], Number(rounds)),
  compile: isAlone ? [] : await measureCompile(Number(rounds)),
};
console.log(JSON.stringify(report));
process.exit(0);
