import { useSyncExternalStore } from 'react';
import { formatBusinessDate, formatDateTime, formatMoment, formatRelative } from '../money/index.ts';
import classes from './figures.module.css';

export function DateTime({ value }: { value: string }) {
  return (
    <time dateTime={value} className={classes['figure']}>
      {formatDateTime(value)}
    </time>
  );
}

/** With its milliseconds; how long ago it was is in the title. */
export function Moment({ value }: { value: string }) {
  const moment = useSyncExternalStore(subscribe, () => now);
  return (
    <time dateTime={value} title={formatRelative(value, moment)} className={classes['figure']}>
      {formatMoment(value)}
    </time>
  );
}

/** A business date: "2026-11-21". */
export function BusinessDate({ value }: { value: string }) {
  return (
    <time dateTime={value} className={classes['figure']}>
      {formatBusinessDate(value)}
    </time>
  );
}

const TICK_MS = 30_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

/** One clock for every relative time on the page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** "3 minutes ago", with the moment itself in the title. */
export function RelativeTime({ value }: { value: string }) {
  const moment = useSyncExternalStore(subscribe, () => now);
  return (
    <time dateTime={value} title={formatDateTime(value)} className={classes['figure']}>
      {formatRelative(value, Math.max(moment, 0))}
    </time>
  );
}
