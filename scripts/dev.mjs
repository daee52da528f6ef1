// The server, restarted when a file changes, and Vite before it, which shows a changed page without a reload. One address
// for both: Vite hands on what the server answers for.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createServer } from 'vite';

const root = join(import.meta.dirname, '..');
const flags = process.argv.slice(2);
/** How long the server may take to answer before the application's address is shown anyway. */
const readyPolls = 300;
const pollMs = 100;

function flag(name) {
  const index = flags.findIndex((text) => text === `--${name}` || text.startsWith(`--${name}=`));
  return index < 0 ? undefined : (flags[index].split('=')[1] ?? flags[index + 1]);
}

async function untilReady(url) {
  for (let polls = 0; polls < readyPolls; polls += 1) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function startVite() {
  try {
    const server = await createServer({ configFile: join(root, 'web', 'vite.config.ts'), logLevel: 'warn' });
    await server.listen();
    return server;
  } catch (error) {
    console.error(error);
    // The server ends in its own time, and this process with it, as failed.
    child.removeAllListeners('exit').once('exit', () => process.exit(1));
    child.kill('SIGTERM');
    return new Promise(() => undefined);
  }
}

const child = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'server/src/main.ts', ...flags], {
  cwd: root,
  stdio: 'inherit',
});
child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

const url = `http://127.0.0.1:${flag('port') ?? process.env.MILLRACE_PORT ?? 3000}`;
process.env.MILLRACE_DEV_SERVER = url;
const vite = await startVite();
await untilReady(url);
console.log(`\n  App and API, with live reload: ${vite.resolvedUrls?.local[0] ?? ''}\n`);
