// The system's Chromium, for the browser tests and the bench: nothing is downloaded. The shell without windows comes first: it is
// the same engine, and tests take half the time in it.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
const macos = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

export function findChromium() {
  const named = process.env.MILLRACE_CHROMIUM;
  if (named !== undefined && named !== '') return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), macos].find((path) =>
    existsSync(path),
  );
}

export function chromiumArguments() {
  // Chromium's own sandbox refuses to run as root, as containers do.
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
