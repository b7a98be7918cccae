// Adds up the reports the test runners wrote and prints `N passed, N failed`.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../.reports/', import.meta.url);
let passed = 0;
let failed = 0;

for (const name of readdirSync(folder)) {
  const text = readFileSync(new URL(name, folder), 'utf8');
  if (name.endsWith('.json')) {
    const report = JSON.parse(text);
    passed += report.numPassedTests;
    failed += report.numFailedTests + report.testResults.filter(isBrokenFile).length;
  } else if (name.endsWith('.xml')) {
    const [, tests, failures] = /<testsuites [^>]*tests="(\d+)"[^>]*failures="(\d+)"/.exec(text) ?? [];
    passed += Number(tests) - Number(failures);
    failed += Number(failures);
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** A spec file that did not load has no failed test of its own. */
function isBrokenFile(file) {
  return file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed');
}
