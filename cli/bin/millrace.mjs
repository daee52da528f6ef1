#!/usr/bin/env node
// Runs the command line interface on the Node.js that comes with the project. What starts this file may be as old as
// Node.js 20, so only built-in modules and plain JavaScript are used here.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runForwarding } from '../../scripts/child.mjs';
import { findNode, nodeMajorMin } from '../../scripts/runtime.mjs';

const here = dirname(realpathSync(fileURLToPath(import.meta.url)));
const main = join(here, '..', 'src', 'main.ts');

try {
  // A child costs 30 ms and a second process; where this Node.js is new enough, there is no need for one.
  if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) await import(pathToFileURL(main).href);
  else await runForwarding(findNode(join(here, '..', '..')).node, [main, ...process.argv.slice(2)], {});
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
