import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The server runs TypeScript as it is, which needs this. */
export const nodeMajorMin = 24;

/** The path of a Node.js that is new enough: the project's own, or else the one that runs this. */
export function findNode(root) {
  const own = join(root, 'node_modules', '.bin', 'node');
  const ownVersion = existsSync(own) ? versionOf(own) : null;
  if (ownVersion !== null && majorOf(ownVersion) >= nodeMajorMin) return own;
  if (majorOf(process.versions.node) >= nodeMajorMin) return process.execPath;
  throw new Error(
    `Millrace needs Node.js ${nodeMajorMin}. It brings one along for Linux and macOS, but none that runs on this ` +
      `system (${process.platform}-${process.arch}), and this is Node.js ${process.versions.node}. ` +
      `Install Node.js ${nodeMajorMin} and start again.`,
  );
}

function versionOf(node) {
  const result = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim().replace(/^v/, '') : null;
}

function majorOf(version) {
  return Number.parseInt(version, 10);
}
