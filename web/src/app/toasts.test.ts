import { notifications, notificationsStore } from '@mantine/notifications';
import { expect, test } from 'vitest';
import { showToast, TOASTS_MAX } from './toasts.tsx';

const titles = () => notificationsStore.getState().notifications.map(({ title }) => title);

test('of many notices at once the first are shown, and the others are counted', () => {
  for (let number = 1; number <= 15; number += 1)
    showToast(String(number), { title: `Notice ${number}`, tone: 'good' });
  expect(titles()).toEqual(['Notice 1', 'Notice 2', 'Notice 3', 'And 12 more']);
  expect(notificationsStore.getState().queue).toEqual([]);
  expect(titles()).toHaveLength(TOASTS_MAX + 1);
  notifications.hide('more');
  notifications.hide('1');
  showToast('16', { title: 'Notice 16', tone: 'good' });
  showToast('17', { title: 'Notice 17', tone: 'good' });
  expect(titles()).toEqual(['Notice 2', 'Notice 3', 'Notice 16', 'And 1 more']);
});
