import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { EmbeddedPostgresError, outsideServerHint } from './errors.ts';

/** Who runs the server. `drop` says that this process is root and the server must become another user. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
  drop: boolean;
}

interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root, so root takes the first of these that exists. */
const fallbackUserNames = ['postgres', 'nobody'];

/**
 * Chooses the user for the cluster in `clusterFolder` (which may not exist yet). Not as root it is oneself; as root it is
 * the cluster's owner, so that a cluster made by another user stays usable for them.
 */
export function chooseServerUser(clusterFolder: string): ServerUser {
  const ownUid = process.geteuid?.() ?? 0;
  const owner = statSync(clusterFolder, { throwIfNoEntry: false })?.uid;
  if (ownUid !== 0) return ownAccount(ownUid, clusterFolder, owner);
  if (owner !== undefined && owner !== 0) {
    const account = accountByUid(owner);
    if (account === null) throw uidWithoutName(owner, `It owns ${clusterFolder}.`);
    return { ...account, drop: true };
  }
  for (const name of fallbackUserNames) {
    const account = accountByName(name);
    if (account !== null) return { ...account, drop: true };
  }
  throw new EmbeddedPostgresError(
    'embedded_no_user',
    `PostgreSQL does not run as root, and this system has no user named ${fallbackUserNames.join(' or ')} to run it. ` +
      `Create one (useradd --system postgres), or start Millrace as an ordinary user. ${outsideServerHint}`,
  );
}

function ownAccount(ownUid: number, clusterFolder: string, owner: number | undefined): ServerUser {
  let name: string;
  let gid: number;
  try {
    ({ username: name, gid } = userInfo());
  } catch (cause) {
    throw uidWithoutName(ownUid, 'Millrace runs under it.', cause);
  }
  if (owner !== undefined && owner !== ownUid) {
    const ownerName = accountByUid(owner)?.name ?? `uid ${owner}`;
    throw new EmbeddedPostgresError(
      'embedded_folder_unreadable',
      `The PostgreSQL data in ${clusterFolder} belongs to ${ownerName}, and Millrace runs as ${name}. ` +
        `Start it as ${ownerName} or root, give the folder away (chown -R ${name}), or choose another data folder.`,
    );
  }
  return { name, uid: ownUid, gid, drop: false };
}

function uidWithoutName(uid: number, why: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'embedded_uid_without_name',
    `The user id ${uid} has no entry in the user database, and PostgreSQL does not run without one. ${why} ` +
      `Add the user to /etc/passwd, or run under a user that exists. ${outsideServerHint}`,
    { cause },
  );
}

export function accountByName(name: string): Account | null {
  return passwdAccounts().find((account) => account.name === name) ?? accountByIdCommand(name);
}

function accountByUid(uid: number): Account | null {
  return passwdAccounts().find((account) => account.uid === uid) ?? accountByIdCommand(String(uid));
}

function passwdAccounts(): Account[] {
  let text: string;
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined || line.startsWith('#')) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}

/** For accounts that live in a directory service; Node itself can only look up the user that it runs as. */
function accountByIdCommand(who: string): Account | null {
  const ask = (flag: string): string | null => {
    const result = spawnSync('id', [flag, '--', who], { encoding: 'utf8' });
    return result.status === 0 ? result.stdout.trim() : null;
  };
  const name = ask('-un');
  const uid = ask('-u');
  const gid = ask('-g');
  if (name === null || uid === null || gid === null) return null;
  return { name, uid: Number(uid), gid: Number(gid) };
}
