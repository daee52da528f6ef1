import type { WireInstallation, WireInstallationTotals } from '@millrace/contract';
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { readInstallation, takeTotals } from './installation.ts';
import { keys } from './keys.ts';

const totalsOf = (orders: number): WireInstallationTotals => ({ orders }) as WireInstallationTotals;
const installationOf = (orders: number): WireInstallation => ({ totals: totalsOf(orders) }) as WireInstallation;

test('numbers that come while the installation is read are newer than what is read', async () => {
  const cache = new QueryClient();
  const answer = Promise.withResolvers<WireInstallation>();
  const reading = readInstallation(cache, () => answer.promise);
  takeTotals(cache, totalsOf(7));
  answer.resolve(installationOf(5));
  expect(await reading).toMatchObject({ totals: { orders: 7 } });
});

test('numbers that came before do not stand in the way of a later reading', async () => {
  const cache = new QueryClient();
  cache.setQueryData(keys.installation(), installationOf(5));
  takeTotals(cache, totalsOf(7));
  expect(cache.getQueryData(keys.installation())).toMatchObject({ totals: { orders: 7 } });
  expect(await readInstallation(cache, async () => installationOf(9))).toMatchObject({ totals: { orders: 9 } });
});
