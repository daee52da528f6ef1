export { cashQuery, firstAccountsQuery } from './cash.ts';
export {
  createCache,
  dispatcherOf,
  changesNothing,
  type EventHandler,
  type EventHandlers,
  readAgain,
  refreshSoon,
  retryFailed,
} from './cache.ts';
export { type NamedEvent, nameOf, numberOf, textOf } from './event-data.ts';
export { useInstallation, useLiveTotals } from './installation.ts';
export { keys } from './keys.ts';
export { createLive, type Live } from './live.ts';
export { LiveProvider, useChannel, useConnection, useWithoutLive } from './live-context.tsx';
export { atCursor, firstPage, growList, nextPage, type Pages, withInserted } from './pages.ts';
export { useLasting } from './use-lasting.ts';
export { usePages } from './use-pages.ts';
