import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';

const OTHERS_WRITE = 0o022;
const OTHERS = 0o077;

/** Others may write to the data folder, and the folder is not Millrace's alone, so that its rights are not ours to change. */
export class OpenDataFolder extends Error {
  readonly code = 'config_invalid';

  constructor(folder: string, cause?: unknown) {
    super(
      `others may write to the data folder ${folder}: they could take the place of the database or of the operator’s key. ` +
        `Close it (chmod go-w ${folder}), or choose another with MILLRACE_DATA`,
      { cause },
    );
    this.name = 'OpenDataFolder';
  }
}

/** What Millrace itself puts there. */
const OWN = /^(postgres(-.*)?|runtime\.json|.*\.key)(\..*)?$/;
/** Files with secrets, which are written for their owner only; a copy or a restored backup may have lost that. */
const PRIVATE = /^(runtime\.json|.*\.key)$/;

/**
 * Makes the data folder where it is missing, for this user only (root: others may pass through, since PostgreSQL runs as
 * another user below it). One that others may write to is closed where it holds nothing but ours; private files are closed.
 *
 * @throws OpenDataFolder where others may write to a folder that is not Millrace's alone.
 */
export function openDataFolder(folder: string, log: Logger): void {
  const isRoot = process.geteuid?.() === 0;
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, isRoot ? 0o711 : 0o700);
  const names = readdirSync(folder);
  if ((statSync(folder).mode & OTHERS_WRITE) !== 0) {
    if (!names.every((name) => OWN.test(name))) throw new OpenDataFolder(folder);
    close(folder, OTHERS_WRITE, folder, log);
  }
  for (const name of names.filter((text) => PRIVATE.test(text))) close(join(folder, name), OTHERS, folder, log);
}

function close(path: string, rights: number, folder: string, log: Logger): void {
  const { mode } = statSync(path);
  if ((mode & rights) === 0) return;
  try {
    chmodSync(path, mode & 0o777 & ~rights);
  } catch (cause) {
    throw new OpenDataFolder(folder, cause);
  }
  log.warn({ path }, 'others had access: it was closed');
}

/** Writes a file in one piece, readable for its owner only: secrets are in it. */
export function writePrivateFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

/** The file's text; undefined where there is none. */
export function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
