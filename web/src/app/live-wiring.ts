import type { WireEventEnvelope } from '@millrace/contract';
import type { QueryClient } from '@tanstack/react-query';
import { createLive, dispatcherOf, type Live, readAgain, retryFailed } from '../live/index.ts';
import { addNotification } from '../notices/index.ts';
import { sections } from '../sections/index.ts';
import type { Notice } from '../sections/section.ts';
import { client } from '../session/index.ts';
import { showToast } from './toasts.tsx';

/** Older news is in the bell; a toast would be about what nobody waits for any more. */
const TOAST_AGE_MS_MAX = 60_000;

/** The words of the first section that has some. */
export function noticeOf(event: WireEventEnvelope): Notice | undefined {
  for (const { notices } of sections) {
    const notice = notices?.[event.type]?.(event);
    if (notice) return notice;
  }
  return undefined;
}

/** The live layer with what the sections do about events. */
export function wireLive(cache: QueryClient): Live {
  const dispatch = dispatcherOf(sections.flatMap(({ events }) => (events ? [events] : [])));
  return createLive({
    openStream: (options) => client.stream(options),
    onEvent: (event) => dispatch(event, cache),
    onOwnEvent(event) {
      addNotification(cache, event);
      const notice = noticeOf(event);
      if (notice && !notice.quiet && Date.now() - Date.parse(event.time) < TOAST_AGE_MS_MAX)
        showToast(event.id, notice);
    },
    onGap: () => readAgain(cache),
    onRecovered: () => retryFailed(cache),
  });
}
