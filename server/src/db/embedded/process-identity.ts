import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, in a form that is only good for comparing: a process id alone may be reused, an id together
 * with its start cannot. Null when there is no such process any more; a zombie counts as gone, because a container
 * without an init process never collects it.
 */
export function processStart(pid: number): string | null {
  return process.platform === 'linux' ? linuxProcessStart(pid) : (portableProcessStart(pid)?.start ?? null);
}

function linuxProcessStart(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the name in parentheses and may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
  return `${bootId()}:${startTicks}`;
}

/** Ticks count from the boot, so that they mean nothing without it. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}

export interface PortableProcess {
  start: string;
  startedAtMs: number;
  command: string;
}

/** The same by `ps`, for systems without /proc. Start times have whole seconds there. */
export function portableProcessStart(pid: number): PortableProcess | null {
  const result = spawnSync('ps', ['-o', 'state=,lstart=,comm=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  if (result.status !== 0) return null;
  // "S    Sat Nov 21 10:51:07 2026     /usr/bin/postgres"
  const match = /^\s*(\S+)\s+(\w{3} \w{3}\s+\d+ [\d:]{8} \d{4})\s+(.*)$/.exec(result.stdout.trim());
  const [, state, start, command] = match ?? [];
  if (state === undefined || start === undefined || command === undefined || state.startsWith('Z')) return null;
  return { start, startedAtMs: Date.parse(`${start} UTC`), command: command.trim() };
}

export function processIsAlive(pid: number, start: string): boolean {
  return processStart(pid) === start;
}
