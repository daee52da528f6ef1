// Checks the import rules, that packages are declared where they are used, that desks are named in their folders only, and that the
// check has read the whole tree: a tool that resolves nothing finds nothing wrong.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { findDependencyProblems } from './check-dependencies.mjs';
import { findDeskNames } from './check-desk-names.mjs';

/** The tree had more modules than this when the check was written; fewer means that it was not read. */
const modulesMin = 250;
const workspaces = ['contract', 'server', 'client', 'cli', 'bench', 'web'];
const tests = /\.test\.tsx?$|^\w+\/test\//;
const skippedFolders = new Set(['node_modules', 'generated', 'dist']);

const root = join(import.meta.dirname, '..');

function findSources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : findSources(path);
    return entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name) ? [relative(root, path)] : [];
  });
}

async function main() {
  process.chdir(root);
  const { options, forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
  const { output } = await cruise(workspaces, { ...options, ruleSet: { forbidden }, validate: true }, undefined, {
    tsConfig: extractTypeScriptConfig(options.tsConfig.fileName),
  });
  const problems = output.summary.violations.map(describe);
  const sources = workspaces.flatMap((workspace) => findSources(join(root, workspace)));
  const read = new Set(output.modules.map((module) => module.source));
  const edges = output.modules.reduce((sum, module) => sum + module.dependencies.length, 0);
  problems.push(...sources.filter((source) => !read.has(source)).map((source) => `not read: ${source}`));
  if (sources.length < modulesMin) problems.push(`only ${sources.length} modules, expected at least ${modulesMin}`);
  if (edges < sources.length) problems.push(`only ${edges} imports in ${sources.length} modules: imports are not seen`);
  const isTest = (path) => tests.test(path);
  problems.push(...findDependencyProblems({ root, workspaces, modules: output.modules, isTest }));
  problems.push(...findDeskNames({ sources, isTest }));
  for (const problem of problems) console.log(problem);
  console.log(`${sources.length} modules and ${edges} imports read, ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

function describe({ from, to, rule, cycle }) {
  if (cycle !== undefined) return `${rule.name}: ${[from, ...cycle.map((step) => step.name)].join(' → ')}`;
  return from === to ? `${rule.name}: ${from}` : `${rule.name}: ${from} → ${to}`;
}

await main();
