import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The server runs TypeScript as it is, which needs this. */
export const nodeMajorMin = 24;

/** The one that this version was tested with: an older one lacks its security fixes. */
export const nodeTested = '24.21.0';

/**
 * A Node.js that is new enough: the project's own, or else the one that runs this; of two that are, the project's where it
 * is not old. `warning`: what is to be said about the choice, or null.
 */
export function findNode(root) {
  const own = join(root, 'node_modules', '.bin', 'node');
  const { version: running } = process;
  const chosen = chooseNode(existsSync(own) ? versionOf(own) : null, running.replace(/^v/, ''));
  if (chosen !== null) {
    const { isOwn, version } = chosen;
    return { node: isOwn ? own : process.execPath, warning: ageWarning(version) };
  }
  throw new Error(
    `Millrace needs Node.js ${nodeMajorMin}. It brings one along for Linux and macOS, but none that runs on this ` +
      `system (${process.platform}-${process.arch}), and this is Node.js ${process.versions.node}. ` +
      `Install Node.js ${nodeMajorMin} and start again.`,
  );
}

/** @param ownVersion null where the project has none that runs on this system. */
export function chooseNode(ownVersion, runningVersion) {
  const candidates = [
    { isOwn: true, version: ownVersion },
    { isOwn: false, version: runningVersion },
  ].filter(({ version }) => version !== null && majorOf(version) >= nodeMajorMin);
  return candidates.find(({ version }) => !isOlder(version, nodeTested)) ?? candidates[0] ?? null;
}

/** null where there is nothing to say. */
export function ageWarning(version) {
  if (!isOlder(version, nodeTested)) return null;
  return (
    `Warning: this is Node.js ${version}, which lacks security fixes that ${nodeTested} has. Millrace can bring along none ` +
    `that is newer for ${process.platform}-${process.arch}: install Node.js ${nodeTested} or later, and start again with it.`
  );
}

function isOlder(version, than) {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number));
  const index = one.findIndex((part, place) => part !== other[place]);
  return index >= 0 && one[index] < other[index];
}

function versionOf(node) {
  const result = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim().replace(/^v/, '') : null;
}

function majorOf(version) {
  return Number.parseInt(version, 10);
}
