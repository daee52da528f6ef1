export { cashQuery } from './cash.ts';
export { createCache, dispatcherOf, type EventHandler, type EventHandlers, readAgain, retryFailed } from './cache.ts';
export { numberOf, textOf } from './event-data.ts';
export { useInstallation, useLiveTotals } from './installation.ts';
export { keys } from './keys.ts';
export { createLive, type Live } from './live.ts';
export { LiveProvider, useChannel, useConnection } from './live-context.tsx';
export { growList, type Pages, withInserted } from './pages.ts';
export { refreshSoon } from './refresh.ts';
