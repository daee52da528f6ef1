import { readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.ts';
import { readFileIfExists } from './files.ts';
import { writeClusterFile } from './initialize.ts';
import { type Layout, serverSocket } from './layout.ts';
import type { ServerUser } from './os-user.ts';
import { isServerProcessOf, postmasterFilePath } from './postmaster.ts';

/** Backends notice the end of their server when they next wait; one that only computes would take for ever. */
const orphansPatienceMs = 1_000;
const orphansPollMs = 20;

/**
 * Clears what a killed server left behind, so that a new one can start. To be called only while the cluster's lock is
 * held and its server is known to be gone.
 */
export async function clearLeftovers(layout: Layout, user: ServerUser): Promise<void> {
  await endOrphans(layout.cluster);
  disownPostmasterFile(layout.cluster, user);
  await removeStaleSocket(layout);
}

/**
 * Server processes that outlived their server still hold its shared memory, and a new server refuses to start beside
 * them. Only Linux tells us which they are; elsewhere the restarts' delays have to do.
 */
async function endOrphans(cluster: string): Promise<void> {
  const deadline = Date.now() + orphansPatienceMs;
  for (let orphans = findOrphans(cluster); orphans.length > 0; orphans = findOrphans(cluster)) {
    if (Date.now() > deadline) {
      for (const pid of orphans) killQuietly(pid);
    }
    await delay(orphansPollMs);
  }
}

function findOrphans(cluster: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => isServerProcessOf(pid, cluster));
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}

/**
 * PostgreSQL refuses to start while the process id in its pid file is alive, even if that id now belongs to something
 * else. It makes an exception for its own parent, so the stale id is replaced by ours. The file itself must stay: its
 * other lines let PostgreSQL find shared memory that is still in use.
 */
function disownPostmasterFile(cluster: string, user: ServerUser): void {
  const path = postmasterFilePath(cluster);
  const text = readFileIfExists(path);
  if (text === null) return;
  writeClusterFile(path, [String(process.pid), ...text.split('\n').slice(1)].join('\n'), user);
}

async function removeStaleSocket(layout: Layout): Promise<void> {
  const socket = serverSocket(layout.socketFolder);
  if (await isListenedTo(socket)) {
    throw new EmbeddedPostgresError(
      'embedded_socket_taken',
      `Something else listens on ${socket}, and it is not the server of ${layout.cluster}. ` +
        'Stop it, or choose another data folder with MILLRACE_DATA.',
    );
  }
  rmSync(socket, { force: true });
  rmSync(`${socket}.lock`, { force: true });
}

function isListenedTo(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
