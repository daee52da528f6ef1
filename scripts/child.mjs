import { spawn } from 'node:child_process';

/** One request to end may come several times: from npm, from the shell and from the terminal. */
const repeatedSignalMs = 1_000;
/** How often to look whether npm is still there. */
const parentPollMs = 500;

/**
 * Runs a program in this one's place: same terminal, signals handed on, and its end becomes ours, whether that is an exit
 * code or a signal.
 */
export async function runForwarding(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: 'inherit' });
  const stopForwarding = forwardSignals(child);
  const { code, signal } = await endOf(child);
  stopForwarding();
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}

function endOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function forwardSignals(child) {
  const lastAt = new Map();
  const forward = (signal) => {
    const now = Date.now();
    if (now - (lastAt.get(signal) ?? -Infinity) < repeatedSignalMs) return;
    lastAt.set(signal, now);
    child.kill(signal);
  };
  const handlers = {
    // A terminal sends Ctrl-C to the whole process group, the child included; twice would mean "at once" to many programs.
    SIGINT: () => process.stdin.isTTY || forward('SIGINT'),
    SIGTERM: () => forward('SIGTERM'),
    SIGHUP: () => forward('SIGHUP'),
  };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  const parentWatch = watchParent(() => forward('SIGTERM'));
  return () => {
    clearInterval(parentWatch);
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
  };
}

/** npm runs us through a shell, and some shells die of a SIGTERM without handing it on: then our parent is gone. */
function watchParent(parentGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && parentGone(), parentPollMs).unref();
}
