import { join } from 'node:path';
import { type Binaries, linkLibraries, readVersion, readWalCompression } from './binaries.ts';
import { makeCredentials, readCredentials, writeCredentials } from './connection.ts';
import { requireReachable, requireWritableFolder } from './folder-access.ts';
import { applyCredentials, initializeCluster, inspectCluster, writeClusterFile } from './initialize.ts';
import { type Layout, makeSocketFolder } from './layout.ts';
import { clearLeftovers } from './leftovers.ts';
import { chooseServerUser, type ServerUser } from './os-user.ts';
import { findLivePostmaster, readPostmasterFile, readState, writeState } from './postmaster.ts';
import type { Log, ServerWishes } from './protocol.ts';
import { adoptServer, launchServer, type ServerProcess, stopServer, untilReady } from './server-process.ts';
import { settingsFile, settingsFileName, usableMemoryMb } from './settings.ts';

/** Everything that starting the server needs; gathered once, used again at each restart. */
export interface Cluster {
  layout: Layout;
  binaries: Binaries;
  user: ServerUser;
  version: string;
  wishes: ServerWishes;
  log: Log;
}

export interface RunningServer {
  process: ServerProcess;
  version: string;
  wishes: ServerWishes;
  socketFolder: string;
  /** It ran before this watcher did. */
  found: boolean;
}

/** Checks user, folders and binaries, cheapest first, each with its own error. Changes nothing in the cluster. */
export function examineCluster(options: {
  layout: Layout;
  binaries: Binaries;
  wishes: ServerWishes;
  log: Log;
}): Cluster {
  const { layout, binaries } = options;
  requireWritableFolder(layout.dataFolder);
  const user = chooseServerUser(layout.cluster);
  requireReachable(binaries.folder, user, 'PostgreSQL lies');
  requireReachable(layout.dataFolder, user, 'the data lies');
  linkLibraries(binaries);
  const version = readVersion(binaries, user);
  return { ...options, user, version };
}

/**
 * Takes over the cluster's server if it runs, otherwise makes the cluster where it is missing and starts it.
 * `started` is called as soon as there is a process that would have to be stopped.
 */
export async function runCluster(cluster: Cluster, started: (process: ServerProcess) => void): Promise<RunningServer> {
  const { layout, version } = cluster;
  const presence = inspectCluster(layout, version);
  const found = presence === 'present' ? await adoptRunning(cluster, started) : null;
  if (found !== null) return found;
  if (presence === 'present') {
    await clearLeftovers(layout, cluster.user);
    refreshCredentials(cluster);
  } else {
    cluster.log('info', `Making a PostgreSQL ${version} cluster in ${layout.cluster}`);
    initializeCluster({ ...cluster, mayCreateDatabase: cluster.wishes.mayCreateDatabase });
  }
  return startCluster(cluster, started);
}

/** Starts the server of a cluster that exists and is known not to run, clearing what a killed one left. */
export async function restartCluster(
  cluster: Cluster,
  started: (process: ServerProcess) => void,
): Promise<RunningServer> {
  await clearLeftovers(cluster.layout, cluster.user);
  return startCluster(cluster, started);
}

async function startCluster(cluster: Cluster, started: (process: ServerProcess) => void): Promise<RunningServer> {
  const { layout, binaries, user, version, wishes } = cluster;
  makeSocketFolder(layout, user);
  const facts = {
    memoryMb: usableMemoryMb(),
    walCompression: readWalCompression(binaries, user, layout.cluster),
  };
  writeClusterFile(join(layout.cluster, settingsFileName), settingsFile(facts), user);
  const process = await launchServer({
    layout,
    binaries,
    user,
    settings: wishes.settings,
    report: (message) => cluster.log('info', message),
    started: (launched) => {
      const postmaster = { pid: launched.pid, start: launched.start };
      writeState(layout.state, { version, postmaster, controlSocket: layout.controlSocket, wishes });
      started(launched);
    },
  });
  return { process, version, wishes, socketFolder: layout.socketFolder, found: false };
}

/** The server that a former watcher started; null when there is none, or when it was just ending. */
async function adoptRunning(
  cluster: Cluster,
  started: (process: ServerProcess) => void,
): Promise<RunningServer | null> {
  const { layout } = cluster;
  const state = readState(layout.state);
  const live = findLivePostmaster(layout.cluster, state?.postmaster ?? null);
  if (live === null) return null;
  if (readCredentials(layout.credentials) === null) {
    cluster.log('warn', 'PostgreSQL runs, but its credentials are lost; it is stopped to set new ones');
    await stopServer(live);
    return null;
  }
  const process = adoptServer(live);
  started(process);
  try {
    await untilReady(process, { layout, report: (message) => cluster.log('info', message) });
  } catch (error) {
    if (findLivePostmaster(layout.cluster, live) !== null) throw error;
    return null;
  }
  const version = state?.version ?? cluster.version;
  const wishes = state?.wishes ?? cluster.wishes;
  writeState(layout.state, { version, postmaster: live, controlSocket: layout.controlSocket, wishes });
  const socketFolder = readPostmasterFile(layout.cluster)?.socketFolder ?? layout.socketFolder;
  return { process, version, wishes, socketFolder, found: true };
}

/** Gives the roles new passwords if those were lost, and the right to create databases as wished. */
function refreshCredentials({ layout, binaries, user, wishes }: Cluster): void {
  const { mayCreateDatabase } = wishes;
  const known = readCredentials(layout.credentials);
  if (known !== null && known.mayCreateDatabase === mayCreateDatabase) return;
  const credentials = known === null ? makeCredentials(mayCreateDatabase) : { ...known, mayCreateDatabase };
  applyCredentials({ binaries, user, folder: layout.cluster, credentials });
  writeCredentials(layout.credentials, credentials);
}
