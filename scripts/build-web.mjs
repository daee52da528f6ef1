// Builds web/dist: beside the old one, and put in its place only when it is whole.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

/** Smaller files travel in one packet either way. */
const compressedBytesMin = 1024;
const compressible = /\.(js|css|html|svg|json)$/;

const [inputs] = process.argv.slice(2);
const web = join(import.meta.dirname, '..', 'web');
const folder = join(web, 'dist');
const next = join(web, `dist.${process.pid}`);
const old = `${next}.old`;

async function compress(path) {
  const bytes = readFileSync(path);
  if (bytes.length < compressedBytesMin) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params }),
    promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  writeFileSync(`${path}.br`, br);
  writeFileSync(`${path}.gz`, gz);
}

try {
  await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: next } });
  const files = readdirSync(next, { recursive: true }).filter((name) => compressible.test(name));
  for (const name of files) await compress(join(next, name));
  writeFileSync(join(next, '.inputs'), `${inputs}\n`);
  // Two names change, and nothing is deleted in between: a server misses the application for no longer than that.
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(next, folder);
} finally {
  rmSync(old, { recursive: true, force: true });
  rmSync(next, { recursive: true, force: true });
}
