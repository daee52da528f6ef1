// The web application is built when what goes into it has changed, and only then. Runs on Node.js 20 too: the building
// itself is a process of its own, on the project's Node.js.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { takeLock } from './install-lock.mjs';

/** Of the build's output, which is shown only when it fails. */
const outputCharactersMax = 64 * 1024;
const ENDING = ['SIGINT', 'SIGTERM'];
const inputs = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'client/src',
  'contract/src',
  'package-lock.json',
  'scripts/web-build.mjs',
  'scripts/build-web.mjs',
];

/**
 * Makes sure that web/dist is what the sources say. A build that is there already costs some milliseconds.
 *
 * @throws Error with the build's own words where it fails
 */
export async function ensureWebBuilt(root, node) {
  const wanted = hashOf(root);
  if (builtFrom(root) === wanted) return;
  const release = await takeLock(join(root, '.millrace-web.lock'), () => {
    console.error('Waiting for another process that builds the web application …');
  });
  try {
    if (builtFrom(root) === wanted) return;
    sweep(join(root, 'web'));
    console.error('Building the web application …');
    const { failure, output } = await build(root, node, wanted);
    if (failure !== null) throw new Error(`${output}\nThe web application could not be built (${failure}), see above.`);
  } finally {
    release();
  }
}

/** What builds that were killed have left. Under the lock, so that none of them is at work. */
function sweep(web) {
  for (const name of readdirSync(web)) {
    if (/^dist\.\d+(\.old)?$/.test(name)) rmSync(join(web, name), { recursive: true, force: true });
  }
}

function builtFrom(root) {
  try {
    return readFileSync(join(root, 'web', 'dist', '.inputs'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

function hashOf(root) {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((input) => filesOf(join(root, input)))) {
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesOf(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .filter(({ name }) => !/\.test\.tsx?$/.test(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]));
}

function build(root, node, wanted) {
  const child = spawn(node, ['scripts/build-web.mjs', wanted], {
    cwd: root,
    // A development build of React would be three times the size.
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-outputCharactersMax);
    });
  }
  // A process that is ended must not leave behind a build that goes on.
  const forward = (signal) => child.kill(signal);
  for (const signal of ENDING) process.on(signal, forward);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ failure: error.message, output }));
    child.once('close', (code, signal) => {
      resolve({ failure: code === 0 ? null : (signal ?? `exit code ${code}`), output: output.trim() });
    });
  });
  return ended.finally(() => {
    for (const signal of ENDING) process.off(signal, forward);
  });
}
