import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { takeLock } from './install-lock.mjs';

/** Of npm's output, which is shown only when it fails. */
const outputCharactersMax = 64 * 1024;
const progressMs = 1_000;

/**
 * Installs the locked dependencies unless they are there already, for this lock file and this platform. Only one process
 * installs at a time; others wait for it and then find everything done.
 */
export async function ensureInstalled(root, { development }) {
  const wanted = describe(root);
  if (isInstalled(root, wanted, development)) return;
  const release = await takeLock(join(root, '.millrace-install.lock'), () => {
    console.error('Waiting for another process that installs the dependencies …');
  });
  try {
    if (isInstalled(root, wanted, development)) return;
    await install(root, development);
    writeStamp(root, { ...wanted, development });
  } finally {
    release();
  }
}

function describe(root) {
  const lockFile = readFileSync(join(root, 'package-lock.json'));
  return {
    lock: createHash('sha256').update(lockFile).digest('hex'),
    platform: `${process.platform}-${process.arch}`,
  };
}

function stampPath(root) {
  return join(root, 'node_modules', '.millrace-install');
}

function writeStamp(root, stamp) {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stampPath(root), `${JSON.stringify(stamp)}\n`);
}

function isInstalled(root, wanted, development) {
  const stamp = readJson(stampPath(root));
  const fits = stamp?.lock === wanted.lock && stamp.platform === wanted.platform;
  if (fits && (stamp.development || !development)) return true;
  // npm may have been run by hand, as build pipelines do; npm notes what it installed.
  if (!treeMatchesLock(root, development)) return false;
  try {
    writeStamp(root, { ...wanted, development });
  } catch {
    // A read-only installation; the comparison is just made again next time.
  }
  return true;
}

function treeMatchesLock(root, development) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || !isNeededHere(entry, development)) return true;
    const installed = present[path];
    if (installed === undefined || !existsSync(join(root, path))) return false;
    return installed.version === entry.version && installed.integrity === entry.integrity;
  });
}

/** Optional packages count where they name this very platform; whether others got installed is npm's decision. */
function isNeededHere(entry, development) {
  if ((entry.dev || entry.devOptional) && !development) return false;
  if (!entry.optional && !entry.devOptional && !entry.peer) return true;
  if (entry.os === undefined || entry.cpu === undefined || entry.libc !== undefined) return false;
  return entry.os.includes(process.platform) && entry.cpu.includes(process.arch);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

async function install(root, development) {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const line = 'Installing the dependencies';
  const terminal = process.stderr.isTTY;
  process.stderr.write(terminal ? `${line} …` : `${line} …\n`);
  const progress = terminal && setInterval(() => process.stderr.write(`\r${line} … ${seconds()}`), progressMs);
  rmSync(stampPath(root), { force: true });
  const { failure, output } = await runNpm(root, development);
  clearInterval(progress);
  if (failure === null) {
    process.stderr.write(terminal ? `\r${line}: done in ${seconds()}\n` : `${line}: done in ${seconds()}\n`);
    return;
  }
  if (terminal) process.stderr.write('\n');
  throw new Error(`${output}\nThe dependencies could not be installed (${failure}). npm's own words are above.`);
}

/**
 * What is needed, and no more: to run takes 145 MB less than to develop. Where all that runs is there, the rest is added to
 * it: a server that runs from it meanwhile must not lose its files, which "ci" would remove first.
 */
export function npmArguments({ development, runs }) {
  const command = development && runs ? ['install', '--no-save'] : ['ci'];
  return [...command, development ? '--include=dev' : '--omit=dev', '--include=optional', '--no-progress'];
}

function runNpm(root, development) {
  const { command, args } = npmCommand(root);
  // Said each time: NODE_ENV must not decide it.
  const child = spawn(command, [...args, ...npmArguments({ development, runs: treeMatchesLock(root, false) })], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutProject(root) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-outputCharactersMax);
    });
  }
  const interrupt = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, interrupt);
  return new Promise((resolve) => {
    const end = (failure) => {
      for (const signal of signals) process.off(signal, interrupt);
      resolve({ failure, output: output.trim() });
    };
    child.once('error', (error) => end(`npm cannot be run: ${error.message}`));
    child.once('close', (code, signal) => end(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
}

/** Installing replaces node_modules, so npm must not itself run on the Node.js in there. */
function npmCommand(root) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const outside = (path) => path !== undefined && !path.startsWith(join(root, 'node_modules')) && existsSync(path);
  if (outside(npm) && outside(node) && /\.[cm]?js$/.test(npm)) return { command: node, args: [npm] };
  return { command: 'npm', args: [] };
}

function pathWithoutProject(root) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => folder !== join(root, 'node_modules', '.bin')).join(delimiter);
}
