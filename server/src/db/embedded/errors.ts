/** Stable codes of {@link EmbeddedPostgresError}; callers decide by these, never by the message. */
export type EmbeddedPostgresErrorCode =
  /** No PostgreSQL binaries are installed for this platform. */
  | 'embedded_binary_missing'
  /** The binaries are there, and the system cannot run them (C library, noexec mount). */
  | 'embedded_binary_unusable'
  /** The links between the bundled libraries are missing and cannot be made. */
  | 'embedded_libraries_read_only'
  /** A folder cannot be entered, read or made by the user that has to. The message names it. */
  | 'embedded_folder_unreadable'
  /** The folder for the cluster holds something that is no PostgreSQL cluster. */
  | 'embedded_folder_foreign'
  /** Started as root, and there is neither a user `postgres` nor `nobody` to run the server. */
  | 'embedded_no_user'
  /** The user id that would run the server has no entry in the user database. */
  | 'embedded_uid_without_name'
  /** The data was written by another major version of PostgreSQL. */
  | 'embedded_data_version'
  /** The place of the socket belongs to another user. */
  | 'embedded_socket_taken'
  /** Another live Millrace process uses this data folder. */
  | 'embedded_already_running'
  /** No server runs in this data folder, and the caller only wanted a running one. */
  | 'embedded_not_running'
  /** A server setting has a name that cannot be passed on. */
  | 'embedded_setting_invalid'
  /** The server did not come up; the message ends with what it said. */
  | 'embedded_start_failed';

/** What keeps the embedded PostgreSQL from running: a stable code, and a message that says what is wrong and what to do. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}

/** Every message that cannot be remedied in place ends with this way out. */
export const outsideServerHint = 'Or set DATABASE_URL to use a PostgreSQL server (15 or later) of your own.';

/** The `code` of a Node system error such as `ENOENT`, or an empty string. */
export function systemErrorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
