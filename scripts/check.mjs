// Everything that can be said about the sources without running them, step by step; all steps run even if one fails.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

const steps = [
  { name: 'types', command: bin('tsc'), args: ['-p', 'tsconfig.json'] },
  { name: 'types of the web application', command: bin('tsc'), args: ['-p', 'web/tsconfig.json'] },
  { name: 'lint', command: bin('oxlint'), args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', command: bin('biome'), args: ['format', '--max-diagnostics=20', '.'] },
  { name: 'boundaries', command: process.execPath, args: ['scripts/check-boundaries.mjs'] },
  { name: 'generated', command: process.execPath, args: ['contract/src/generate.ts', '--check'] },
];

function run({ command, args }) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ passed: false, output: `${command}: ${error.message}` }));
    child.once('close', (code) => resolve({ passed: code === 0, output: output.trim() }));
  });
}

/** Two processors are on every machine; what each step says is printed whole, in the steps' order. */
const AT_ONCE = 2;

async function timed(step) {
  const began = performance.now();
  const result = await run(step);
  return { ...result, seconds: ((performance.now() - began) / 1000).toFixed(1) };
}

const waiting = [...steps];
const results = new Map();
async function work() {
  for (let step = waiting.shift(); step; step = waiting.shift()) results.set(step, await timed(step));
}
await Promise.all(Array.from({ length: AT_ONCE }, work));

let failed = 0;
for (const step of steps) {
  const { passed, output, seconds } = results.get(step);
  const lastLine = output.split('\n').at(-1) ?? '';
  console.log(
    `${passed ? '✓' : '✗'} ${step.name} (${seconds} s)${passed && step.name === 'boundaries' ? `: ${lastLine}` : ''}`,
  );
  if (passed) continue;
  failed += 1;
  console.log(output.replace(/^/gm, '  '));
}
console.log(failed === 0 ? `all ${steps.length} checks passed` : `${failed} of ${steps.length} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;
