import { linkSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** The holder touches its lock this often … */
const heartbeatMs = 2_000;
/** … so that a lock untouched for this long is nobody's, even where its process id cannot be looked up. */
const staleMs = 60_000;
const pollMs = 200;
/** Longer than an installation over a slow line. */
const waitMaxMs = 20 * 60_000;

/**
 * Takes the lock file, waiting while another live process has it; returns the function that gives it back.
 * `waiting` is called once if there is something to wait for.
 */
export async function takeLock(path, waiting) {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), token: `${process.pid}-${Date.now()}` });
  const deadline = Date.now() + waitMaxMs;
  for (let waited = false; !tryCreate(path, mine); ) {
    if (breakIfStale(path)) continue;
    if (!waited) waiting();
    waited = true;
    if (Date.now() > deadline) throw new Error(`Another process is installing for too long; if not, remove ${path}.`);
    await delay(pollMs);
  }
  const heartbeat = setInterval(() => touch(path), heartbeatMs).unref();
  return () => {
    clearInterval(heartbeat);
    if (read(path) === mine) unlinkSync(path);
  };
}

function tryCreate(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a stale lock away. Another process may have done so a moment earlier and taken the lock already, in which case what
 * we moved is theirs: then it is put back.
 */
function breakIfStale(path) {
  const seen = read(path);
  if (seen === null || !isStale(path, seen)) return seen === null;
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return true;
  }
  if (read(aside) !== seen) {
    try {
      linkSync(aside, path);
    } catch {
      // A third process was faster; it checks what is installed before it does anything.
    }
  }
  unlinkSync(aside);
  return true;
}

function isStale(path, text) {
  const touchedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - touchedAt > staleMs) return true;
  try {
    const { pid, host } = JSON.parse(text);
    return host === hostname() && !isAlive(pid);
  } catch {
    // Being written at this moment, or damaged; time will tell.
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Taken from us as stale; the holder's check of what is installed decides.
  }
}
