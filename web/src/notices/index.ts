export { NoticeIcon, NoticeList } from './notice-list.tsx';
export { addNotification, countUnseen } from './notices.ts';
export { markSeen, useSeenUntil } from './seen.ts';
export { NoticeProvider, type Notification, useNotifications } from './use-notifications.ts';
