// node summary.mjs RESULTS                  all projects: skipped tests with reasons, then the one last line
// node summary.mjs RESULTS PROJECT SECONDS  one project: its line, and its log when something failed
// RESULTS holds per project NAME.json (the runner's CTRF report), NAME.rc (its exit code) and NAME.log.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder, only, seconds] = process.argv.slice(2);
const logLinesMax = 200;

function outcome(name) {
  const code = Number(readFileSync(join(folder, `${name}.rc`), 'utf8'));
  const file = join(folder, `${name}.json`);
  let report = null;
  if (existsSync(file)) try { report = JSON.parse(readFileSync(file, 'utf8')).results; } catch { /* cut off: counted below */ }
  const { tests = 0, passed = 0, failed = 0, skipped = 0, pending = 0, other = 0 } = report?.summary ?? {};
  const errors = (report?.extra?.suites ?? []).reduce((sum, suite) => sum + (suite.errors?.length ?? 0), 0);
  const counts = { passed, failed: failed + other + errors, skipped: skipped + pending };
  // A project that crashed, hung or could not start has failed, whatever it managed to report.
  // The runner also ends non-zero when it found no test at all: that is emptiness, not failure.
  const broken = !report || (code !== 0 && counts.failed === 0 && tests > 0);
  if (broken) counts.failed++;
  return { name, code, counts, broken, tests: report?.tests ?? [] };
}

const short = name => name.replace(/^ClosedLoop\.Streaming\.(.*)\.Tests$/, '$1');
const line = c => `${c.passed} passed, ${c.failed} failed, ${c.skipped} skipped`;

if (only) {
  const { counts, broken, code } = outcome(only);
  const empty = counts.passed + counts.failed + counts.skipped === 0 ? ' (no tests yet)' : '';
  console.log(`${short(only).padEnd(12)} ${line(counts)} in ${seconds} s${empty}`);
  if (counts.failed > 0) {
    if (broken) console.log(code === 124 || code === 137 ? '  out of time' : `  ended with code ${code}`);
    const lines = readFileSync(join(folder, `${only}.log`), 'utf8').trimEnd().split('\n');
    console.log(lines.slice(-logLinesMax).map(text => `  ${text}`).join('\n'));
  }
} else {
  const all = readdirSync(folder).filter(f => f.endsWith('.rc')).map(f => outcome(f.slice(0, -3)));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts } of all) for (const key of Object.keys(sum)) sum[key] += counts[key];
  const listed = (title, states) => {
    const rows = all.flatMap(p => p.tests.filter(t => states.includes(t.status)).map(t => [p, t]));
    if (rows.length) console.log(title);
    for (const [, test] of rows) console.log(`  ${test.name}: ${(test.message ?? test.extra?.reason ?? (test.status === 'pending' ? 'runs only when it is asked for by name' : 'no reason given')).split('\n')[0]}`);
  };
  listed('Failed:', ['failed', 'other']);
  for (const p of all.filter(p => p.broken)) console.log(`Failed: ${short(p.name)} did not finish (code ${p.code}); its log is in artifacts/test-results`);
  listed('Skipped:', ['skipped', 'pending']);
  console.log(line(sum));
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}
