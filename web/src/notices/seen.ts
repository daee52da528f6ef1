import { useSyncExternalStore } from 'react';

/** Until when a user has looked at the bell: for this browser with all its tabs, and for each person apart. */
const listeners = new Set<() => void>();
const memory = new Map<string, string>();
const PREFIX = 'millrace-seen-';

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) >= Date.parse(other) ? one : other;
}

/** The later of what this tab knows and what another has written. */
export function seenUntil(userId: string): string | null {
  const name = `${PREFIX}${userId}`;
  const known = memory.get(name);
  // Read once: from then on other tabs tell what they write.
  if (known !== undefined) return known;
  const read = stored(name);
  if (read !== null) memory.set(name, read);
  return read;
}

/** What was seen stays seen: an earlier time changes nothing. */
export function markSeen(userId: string, time: string): void {
  const name = `${PREFIX}${userId}`;
  if (later(seenUntil(userId), time) !== time || memory.get(name) === time) return;
  memory.set(name, time);
  try {
    localStorage.setItem(name, time);
  } catch {
    // Storage is switched off: then it lasts as long as the page.
  }
  tellAll();
}

function tellAll(): void {
  for (const listener of listeners) listener();
}

/** Another tab has looked. */
function heard({ key, newValue }: Pick<StorageEvent, 'key' | 'newValue'>): void {
  if (key === null || !key.startsWith(PREFIX) || newValue === null) return;
  const latest = later(memory.get(key) ?? null, newValue);
  if (latest !== null) memory.set(key, latest);
  tellAll();
}

export function onSeen(listener: () => void): () => void {
  if (listeners.size === 0) globalThis.addEventListener('storage', heard);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) globalThis.removeEventListener('storage', heard);
  };
}

export function useSeenUntil(userId: string): string | null {
  return useSyncExternalStore(onSeen, () => seenUntil(userId));
}
