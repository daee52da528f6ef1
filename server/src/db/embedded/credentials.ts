import { randomBytes } from 'node:crypto';
import { isRecord, readJsonIfExists, writeFileAtomically } from './files.ts';

export const applicationRole = 'millrace';
export const applicationDatabase = 'millrace';
export const supervisorRole = 'millrace_supervisor';

/** Written only after the cluster has taken them over, so that a file that exists is a file that works. */
export interface Credentials {
  applicationPassword: string;
  /** The superuser's; for the operator's backups and repairs, never for the application. */
  supervisorPassword: string;
  /** Whether the application's role may create databases. */
  mayCreateDatabase: boolean;
}

export function makeCredentials(mayCreateDatabase: boolean): Credentials {
  return { applicationPassword: randomPassword(), supervisorPassword: randomPassword(), mayCreateDatabase };
}

/** 192 bits, in characters that need no quoting in SQL or a URL. */
function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}

export function readCredentials(path: string): Credentials | null {
  const parsed = readJsonIfExists(path);
  if (!isRecord(parsed) || !isRecord(parsed['application']) || !isRecord(parsed['supervisor'])) return null;
  const { password: applicationPassword, may_create_database: mayCreateDatabase } = parsed['application'];
  const { password: supervisorPassword } = parsed['supervisor'];
  if (typeof applicationPassword !== 'string' || typeof supervisorPassword !== 'string') return null;
  return { applicationPassword, supervisorPassword, mayCreateDatabase: mayCreateDatabase === true };
}

export function writeCredentials(path: string, credentials: Credentials): void {
  const text = JSON.stringify(
    {
      application: {
        user: applicationRole,
        password: credentials.applicationPassword,
        database: applicationDatabase,
        may_create_database: credentials.mayCreateDatabase,
      },
      supervisor: { user: supervisorRole, password: credentials.supervisorPassword },
    },
    null,
    2,
  );
  writeFileAtomically(path, `${text}\n`, 0o600);
}
