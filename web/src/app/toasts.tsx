import { notifications } from '@mantine/notifications';
import { NoticeIcon } from '../notices/index.ts';
import type { Notice } from '../sections/section.ts';

const SHOWN_MS = 6_000;

/** A notice that stands in the corner for a moment; more than a few at once wait their turn. */
export function showToast(id: string, notice: Notice): void {
  notifications.show({
    id,
    title: notice.title,
    message: notice.detail,
    icon: <NoticeIcon tone={notice.tone} />,
    color: 'transparent',
    autoClose: SHOWN_MS,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
