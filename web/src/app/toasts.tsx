import { notifications, notificationsStore } from '@mantine/notifications';
import { NoticeIcon } from '../notices/index.ts';
import type { Notice } from '../sections/section.ts';

const SHOWN_MS = 6_000;
/** Toasts beside each other: a person reads no more before they go. What comes meanwhile is counted in one more. */
export const TOASTS_MAX = 3;
const MORE = 'more';

/** How many of those that come now are not shown one by one. */
let more = 0;

/** A notice that stands in the corner for a moment. Of many at once the first are shown, and of the others how many they are. */
export function showToast(id: string, notice: Notice): void {
  const { notifications: shown, queue } = notificationsStore.getState();
  const isMerging = shown.some((toast) => toast.id === MORE);
  if (!isMerging && shown.length + queue.length < TOASTS_MAX) {
    notifications.show({
      id,
      title: notice.title,
      message: notice.detail,
      icon: <NoticeIcon tone={notice.tone} />,
      ...COMMON,
    });
    return;
  }
  more += 1;
  const merged = {
    id: MORE,
    title: `And ${more} more`,
    message: 'All of them are under the bell.',
    icon: <NoticeIcon tone="neutral" />,
    ...COMMON,
    onClose: () => {
      more = 0;
    },
  };
  if (isMerging) notifications.update(merged);
  else notifications.show(merged);
}

const COMMON = {
  color: 'transparent',
  autoClose: SHOWN_MS,
  closeButtonProps: { 'aria-label': 'Dismiss' },
} as const;
