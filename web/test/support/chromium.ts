import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The system's Chromium: nothing is downloaded. `MILLRACE_CHROMIUM` names another one. undefined: there is none. */
export function findChromium(): string | undefined {
  const named = process.env['MILLRACE_CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), MACOS].find((path) =>
    existsSync(path),
  );
}

export function launchChromium(executablePath: string): Promise<Browser> {
  // Chromium's own sandbox refuses to run as root, as containers do.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
}
