import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { addressKey, LOOPBACK } from '../intake/identity/index.ts';

/** Whether a `Host` (with or without a port) is a name of this installation. */
export type OwnNames = (host: string) => boolean;

export interface OwnNamesOptions {
  /** What the server listens on: a name or an address. */
  host: string;
  /** More names: `shop.example`, `*.shop.example` for all below it, `*` for every name. */
  allowedHosts: readonly string[];
}

const HOST = /^(\[[0-9a-f:.]+\]|[^:[\]/?#@\s]+?)\.?(?::\d{1,5})?$/i;

/** Names that were accepted, as they came: a browser sends the same one with each request. */
const KNOWN_MAX = 1_000;

/**
 * The names that a request may ask for. A page of another site can point a name of its own at this machine and then talk
 * to it as its own origin (DNS rebinding), with a name only: so every address is accepted, the names of this machine, and
 * those that the operator allows.
 */
export function createOwnNames({ host, allowedHosts }: OwnNamesOptions): OwnNames {
  const allowed = allowedHosts.map((name) => name.toLowerCase());
  const exact = new Set(['localhost', hostname().toLowerCase(), host.toLowerCase(), ...allowed]);
  const endings = ['.localhost', ...allowed.filter((name) => name.startsWith('*.')).map((name) => name.slice(1))];
  const isEvery = exact.has('*');
  const known = new Set<string>();

  function isOwn(text: string): boolean {
    if (isEvery) return true;
    const name = nameOf(text);
    return (
      name !== undefined && (isAddress(name) || exact.has(name) || endings.some((ending) => name.endsWith(ending)))
    );
  }

  return (text) => {
    if (known.has(text)) return true;
    if (!isOwn(text)) return false;
    if (known.size >= KNOWN_MAX) known.clear();
    known.add(text);
    return true;
  };
}

/** Whether what is listened on can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || addressKey(host) === LOOPBACK;
}

/** Lower case, without port and final dot; undefined where it is no host. */
function nameOf(text: string): string | undefined {
  return HOST.exec(text)?.[1]?.toLowerCase();
}

function isAddress(name: string): boolean {
  return isIP(name.startsWith('[') ? name.slice(1, -1) : name) !== 0;
}
