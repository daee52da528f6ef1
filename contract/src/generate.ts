import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asyncApiDocument } from './asyncapi.ts';
import { openApiDocument } from './openapi.ts';
import { errorsPage, eventsPage } from './reference-pages.ts';

const ROOT = join(import.meta.dirname, '..', '..');

interface Generated {
  /** Path from the repository's root. */
  file: string;
  make: () => string;
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Every file that is made from the contract's sources. */
const GENERATED: readonly Generated[] = [
  { file: 'contract/generated/openapi.json', make: () => json(openApiDocument()) },
  { file: 'contract/generated/asyncapi.json', make: () => json(asyncApiDocument()) },
  { file: 'docs/reference/errors.md', make: errorsPage },
  { file: 'docs/reference/events.md', make: eventsPage },
];

async function currentText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The first line that differs, for people. */
function firstDifference(current: string, wanted: string): string {
  const have = current.split('\n');
  const want = wanted.split('\n');
  const line = want.findIndex((text, index) => text !== have[index]);
  const at = line === -1 ? want.length : line;
  return `line ${at + 1}\n  - ${have[at] ?? '(end)'}\n  + ${want[at] ?? '(end)'}`;
}

async function check(): Promise<boolean> {
  let same = true;
  for (const { file, make } of GENERATED) {
    const current = await currentText(join(ROOT, file));
    const wanted = make();
    if (current === wanted) continue;
    same = false;
    console.error(`${file} ${current === undefined ? 'is missing' : `differs at ${firstDifference(current, wanted)}`}`);
  }
  console.error(
    same ? `${GENERATED.length} generated files are up to date` : 'run `npm run generate` and commit the result',
  );
  return same;
}

async function writeAll(): Promise<void> {
  for (const { file, make } of GENERATED) {
    const path = join(ROOT, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, make());
    console.error(`wrote ${file}`);
  }
}

if (process.argv.includes('--check')) process.exitCode = (await check()) ? 0 : 1;
else await writeAll();
