import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processEnv } from './process-env.ts';

const MAIN = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));

export interface CommandResult {
  /** null: it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** stdout as JSON. */
  json: () => unknown;
}

export interface Command {
  child: ChildProcess;
  /** What has come on stdout so far. */
  output(): string;
  ended: Promise<CommandResult>;
}

export interface CommandOptions {
  /** `MILLRACE_DATA`. */
  data: string;
  env?: Record<string, string>;
  input?: string | Buffer;
}

/** Starts `millrace …` in a process of its own, with nothing of this process's environment but the path. */
export function startCommand(args: readonly string[], { data, env = {}, input }: CommandOptions): Command {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: data,
    env: { ...processEnv(), HOME: data, CI: '1', MILLRACE_DATA: data, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {
    // It ended without reading all of its input.
  });
  child.stdin.end(input ?? '');
  const ended = new Promise<CommandResult>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) }));
  });
  return { child, output: () => stdout, ended };
}

export function runCommand(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return startCommand(args, options).ended;
}
