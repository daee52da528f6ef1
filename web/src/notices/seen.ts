import { useSyncExternalStore } from 'react';

/** Until when somebody has looked at the bell: for this browser, and for each person apart. */
const listeners = new Set<() => void>();
const memory = new Map<string, string>();

function nameOf(userId: string): string {
  return `millrace-seen-${userId}`;
}

function read(userId: string): string | null {
  const known = memory.get(userId);
  if (known !== undefined) return known;
  try {
    return localStorage.getItem(nameOf(userId));
  } catch {
    return null;
  }
}

export function markSeen(userId: string, time: string): void {
  memory.set(userId, time);
  try {
    localStorage.setItem(nameOf(userId), time);
  } catch {
    // Storage is switched off: then it lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useSeenUntil(userId: string): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(userId),
  );
}
