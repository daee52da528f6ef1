import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { ensureWebBuilt } from '../../scripts/web-build.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'web', 'dist');
/** What the landing page may ask of a telephone on the road. */
const FIRST_LOAD_BYTES_MAX = 250_000;

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}
let manifest: Record<string, Chunk>;

beforeAll(async () => {
  await ensureWebBuilt(ROOT, process.execPath);
  manifest = JSON.parse(readFileSync(join(DIST, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>;
});

/** The scripts that have to come before the page stands. */
function scriptsOf(keys: readonly string[], found = new Set<string>()): Set<string> {
  for (const key of keys) {
    const chunk = manifest[key];
    if (!chunk || found.has(chunk.file)) continue;
    found.add(chunk.file);
    scriptsOf(chunk.imports ?? [], found);
  }
  return found;
}

test('the landing page needs less than 250 kB of compressed scripts', () => {
  const keys = Object.entries(manifest).flatMap(([key, { isEntry }]) =>
    isEntry || key.endsWith('/landing-page.tsx') ? [key] : [],
  );
  expect(keys).toHaveLength(2);
  const sizes = [...scriptsOf(keys)].map((file) => brotliCompressSync(readFileSync(join(DIST, file))).length);
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(FIRST_LOAD_BYTES_MAX);
});

test('no schema, and no validator of the server’s, is in a script', () => {
  const files = new Set(Object.values(manifest).map(({ file }) => file));
  for (const file of files) expect(readFileSync(join(DIST, file), 'utf8')).not.toMatch(/typebox|TypeBox/);
});
