export { NoticeIcon, NoticeList } from './notice-list.tsx';
export { addNotification, newestTime } from './notices.ts';
export { markSeen, useSeenUntil } from './seen.ts';
export { NoticeProvider, type Notification, useNotices, useNotifications, useUnseen } from './use-notifications.ts';
