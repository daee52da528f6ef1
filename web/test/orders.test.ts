import { newOrderId } from '@millrace/client';
import { expect, test } from 'vitest';
import { describeInBrowser, expectPresentable } from './support/index.ts';

describeInBrowser('orders', (bench) => {
  test('an order’s page moves with what happens to it, and the list with it', async () => {
    const { page } = await bench.openNew();
    const list = await page.context().newPage();
    await list.goto('/orders');
    await list.getByText('You have not placed an order yet').waitFor();
    const id = newOrderId();
    const headers = { origin: bench.server.url, prefer: 'respond-async' };
    const data = { kind: 'withdraw', id, asset: 'USD', amount: '12.50' };
    const answer = await page.request.post('/v1/orders', { headers, data });
    expect(answer.status()).toBe(202);
    await page.goto(`/orders/${id}`);
    await page.getByRole('heading', { name: 'Send $12.50 to your bank' }).waitFor();
    const timeline = page.getByRole('group', { name: 'What happened to the order' });
    await timeline.getByText('Completed').waitFor();
    await expect.poll(() => timeline.innerText()).toMatch(/Placed[^]*set aside[^]*Handed to the bank[^]*Completed/);
    // Each step with its millisecond, and with how long after the one before it came.
    const steps = await timeline.innerText();
    expect(steps.match(/:\d\d\.\d{3}/g)?.length).toBeGreaterThanOrEqual(4);
    expect(steps.match(/after (\d+ ms|\d+\.\d\d s)/g)?.length).toBeGreaterThanOrEqual(3);
    // What is announced does not tick.
    for (const region of await page.locator('[role=log], [role=status], [aria-live]').all())
      expect(await region.locator('time').count()).toBe(0);
    await page.getByRole('table', { name: 'Postings' }).getByText('The outside world').waitFor();
    await list
      .getByRole('row', { name: /Send \$12\.50 to your bank/ })
      .getByText('Completed')
      .waitFor();
  });

  test('the list is filtered by its address, and a refused order says why in plain words', async () => {
    const page = await bench.openAs('investor', '/orders?status=rejected');
    await page.getByRole('link', { name: /Apartment with a view/ }).click();
    await page.getByText('Bring money in, or choose a smaller amount.').waitFor();
    await page.getByText('No money was moved').waitFor();
    await expectPresentable(page, 'order-rejected');
    await page.goto('/orders?kind=repay_loan');
    await page.getByText('No order fits these filters').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page
      .getByRole('link', { name: /^Invest/ })
      .first()
      .waitFor();
  });

  test('an order that is not one’s own does not exist', async () => {
    bench.allow(/status of 404/);
    const { page } = await bench.openNew({ path: `/orders/${newOrderId()}` });
    await page.getByText('It does not exist, or it belongs to someone else.').waitFor();
  });

  test('operators see the accounts behind an order, its place in the log, and who was told', async () => {
    const owner = await bench.openAs('investor', '/orders?kind=fund_loan');
    const href = await owner
      .getByRole('link', { name: /^Invest/ })
      .first()
      .getAttribute('href');
    await owner.goto(href ?? '');
    await owner.getByRole('table', { name: 'Postings' }).getByText('Your cash').first().waitFor();
    expect(await owner.getByRole('heading', { name: 'Who was told' }).count()).toBe(0);

    const operator = await bench.openAs('operator');
    await operator.goto(href ?? '');
    const account = operator.getByRole('table', { name: 'Postings' }).getByRole('link', { name: 'cash' }).first();
    expect(await account.getAttribute('href')).toMatch(/^\/operate\/ledger\/acc_/);
    await operator.getByRole('table', { name: 'Who was told' }).getByText('Lists and statements').waitFor();
    await operator.getByRole('table', { name: 'Events' }).getByText('order_processed').waitFor();
    await expectPresentable(operator, 'order-operator');
  });
});
