import { readdirSync, readFileSync } from 'node:fs';

/** What `utime` and `stime` count in, as Linux tells it to programs on every machine that it runs on. */
const TICKS_A_SECOND = 100;

interface Process {
  /** Whether its command line names the folder. */
  isNamed: boolean;
  parent: number;
  /** Its own time and that of its children that have ended: a connection's process may end in between. */
  ticks: number;
}

/**
 * Processor time that the server of a data folder and its PostgreSQL have taken so far, with all processes below them; 0 where
 * the system has no /proc. Source: proc_pid_stat(5).
 */
export function cpuSeconds(dataFolder: string): number {
  const processes = new Map<number, Process>();
  for (const name of namesIn('/proc')) {
    const process = /^\d+$/.test(name) ? readProcess(name, dataFolder) : undefined;
    if (process) processes.set(Number(name), process);
  }
  const isOf = (process: Process | undefined): boolean =>
    process !== undefined && (process.isNamed || isOf(processes.get(process.parent)));
  let ticks = 0;
  for (const process of processes.values()) if (isOf(process)) ticks += process.ticks;
  return ticks / TICKS_A_SECOND;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readProcess(pid: string, dataFolder: string): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const isNamed = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataFolder);
    return { isNamed, parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
}
