import { type Browser, chromium } from 'playwright-core';
import { chromiumArguments } from '../../../scripts/chromium.mjs';

export { findChromium } from '../../../scripts/chromium.mjs';

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: chromiumArguments() });
}
