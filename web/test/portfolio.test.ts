import type { PortfolioView, WireAccount, WirePage, WireTransfer } from '@millrace/contract';
import { readFileSync } from 'node:fs';
import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { sum } from '../src/money/index.ts';
import { describeInBrowser, expectPresentable, personOf } from './support/index.ts';
import { dollars, openWithMoney, read } from './support/money.ts';

describeInBrowser('statement and portfolio', (bench) => {
  test('a statement is filtered in its address, which a reload keeps, and says so where nothing fits', async () => {
    const page = await bench.openAs('investor', '/statement');
    const table = page.getByRole('table', { name: 'Statement' });
    await table.waitFor();
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(51);
    const { balance } = (await read<WirePage<WireAccount>>(page, '/v1/accounts')).data[0] as WireAccount;
    const balances = page.getByRole('region', { name: 'Balances' });
    expect(await balances.innerText()).toContain('before the first line');
    await balances.getByText(dollars(balance)).waitFor();
    expect(await table.getByRole('row').nth(1).innerText()).toContain(dollars(balance));
    await page.getByRole('combobox', { name: 'What' }).click();
    await page.getByRole('option', { name: 'Investments', exact: true }).click();
    await page.waitForURL(/reason=loan_funding/);
    await balances.getByText(dollars(balance)).waitFor();
    await page.reload();
    await table.waitFor();
    await expect.poll(() => table.getByText('Interest').count()).toBe(0);
    await expect.poll(() => table.getByRole('link', { name: 'Investment in a loan' }).count()).toBeGreaterThan(0);
    await page.getByLabel('To').fill('2001-01-01');
    await page.getByText('No line fits these filters').waitFor();
    await expect.poll(() => balances.getByText('$0.00').count()).toBe(2);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await table.getByText('Interest').first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('“Load more” and a refresh by an event both come through, whichever was there first', async () => {
    const page = await bench.openAs('investor', '/statement');
    const table = page.getByRole('table', { name: 'Statement' });
    const investor = await personOf(bench.server, 'investor');
    const deposit = (amount: string) => investor.orders.submit({ kind: 'deposit', asset: 'USD', amount });
    const line = (amount: string) => table.locator('[data-money]').filter({ hasText: `$${amount}` });
    /** The first request of these waits until it is let go. */
    const hold = async (pattern: RegExp): Promise<() => void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const pass = async (route: Route): Promise<void> => {
        await promise;
        // The page may have broken it off meanwhile.
        await route.continue().catch(() => undefined);
      };
      await page.route(pattern, pass, { times: 1 });
      return resolve;
    };
    const [first, following] = [/\/transfers\?(?!.*cursor=)/, /\/transfers\?.*cursor=/];
    await table.waitFor();
    await deposit('7.01');
    await line('7.01').waitFor();

    const showMore = await hold(following);
    const asked = page.waitForRequest(following);
    await page.getByRole('button', { name: 'Load more' }).click();
    await asked;
    await deposit('7.02');
    await line('7.02').waitFor();
    showMore();
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(53);

    await page.reload();
    await line('7.02').waitFor();
    await deposit('7.03');
    await line('7.03').waitFor();
    const refresh = await hold(first);
    const refreshed = page.waitForRequest(first);
    await deposit('7.04');
    await refreshed;
    await page.getByRole('button', { name: 'Load more' }).click();
    refresh();
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(53);
    await line('7.04').waitFor();
  });

  test('a day is typed with the keyboard, and counts when it is whole', async () => {
    const page = await bench.openAs('investor', '/statement');
    await page.getByRole('table', { name: 'Statement' }).waitFor();
    const from = page.getByLabel('From');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/transfers?')) asked.push(request.url());
    });
    await from.focus();
    await page.keyboard.type('11202026', { delay: 20 });
    await page.waitForURL(/from=2026-11-20/);
    await expect.poll(() => asked.length).toBe(1);
    expect(await from.inputValue()).toBe('2026-11-20');
    // Half taken away it is no day, and the filter stays until another one, or none, is given.
    await page.keyboard.press('Backspace');
    expect(page.url()).toContain('from=2026-11-20');
    await page.getByLabel('To').focus();
    expect(await from.inputValue()).toBe('2026-11-20');
    await from.fill('');
    await expect.poll(() => new URL(page.url()).search).toBe('');
    expect(asked.filter((url) => /from=(?!2026)/.test(url))).toEqual([]);
    await page.getByRole('button', { name: 'Raw JSON' }).click();
    const shown = JSON.parse(await page.getByLabel('JSON').innerText()) as WirePage<WireTransfer>;
    const title = await page.getByRole('dialog').getByRole('heading').innerText();
    expect(shown).toEqual(await read(page, title.replace('GET ', '')));
  });

  test('a statement is saved as CSV: every line of the filter, also those that are not shown', async () => {
    const page = await bench.openAs('investor', '/statement?direction=credit');
    const account = (await read<WirePage<WireAccount>>(page, '/v1/accounts')).data[0] as WireAccount;
    const lines: WireTransfer[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path = `/v1/accounts/${account.id}/transfers?limit=200&direction=credit${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const answer: WirePage<WireTransfer> = await read(page, path);
      lines.push(...answer.data);
      cursor = answer.next_cursor;
    }
    expect(lines.length).toBeGreaterThan(50);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toMatch(/^statement-USD-\d{4}-\d{2}-\d{2}\.csv$/);
    const [header, closing, ...rest] = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(header).toBe(
      '\ufefftime,description,amount,balance,asset,loan,loan_id,counterparty,reason,direction,order_id,transfer_id',
    );
    const rows = rest.slice(0, -1);
    expect(closing).toContain(`,Closing balance,,${account.balance},USD`);
    expect(rest.at(-1)).toContain(',Opening balance,,0.00,USD');
    expect(rows.map((row) => row.split(',')[3])).toEqual(lines.map(({ balance }) => balance));
    expect(rows.map((row) => row.split(',').at(-1))).toEqual(lines.map(({ id }) => id));
    expect(sum(rows.map((row) => row.split(',')[2] as string))).toBe(sum(lines.map(({ amount }) => amount)));
    await page.getByText(`The file has been saved, with ${lines.length} lines.`).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  });

  test('a CSV that is still collected can be stopped, and is then not saved', async () => {
    const page = await bench.openAs('investor', '/statement');
    await page.getByRole('table', { name: 'Statement' }).waitFor();
    let downloads = 0;
    page.on('download', () => {
      downloads += 1;
    });
    const gate = Promise.withResolvers<void>();
    const held = page.waitForRequest(/\/transfers\?/);
    await page.route('**/transfers?*', async (route) => {
      await gate.promise;
      await route.continue().catch(() => {});
    });
    await page.getByRole('button', { name: 'Download CSV' }).click();
    await held;
    await page.getByText('Collecting … 0 lines so far. A file holds at most 50,000.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    gate.resolve();
    await page.unroute('**/transfers?*');
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect
      .poll(() => page.getByRole('table', { name: 'Statement' }).getByRole('row').count())
      .toBeGreaterThan(51);
    expect(downloads).toBe(0);
  });

  test('an account of notes is called by its loan', async () => {
    const page = await bench.openAs('investor', '/statement');
    await page.getByRole('combobox', { name: 'Account' }).click();
    await page
      .getByRole('option', { name: /^Notes: (?!loan )/ })
      .first()
      .click();
    await page.getByRole('table', { name: 'Statement' }).getByText('Notes received').waitFor();
  });

  test('the portfolio of a new user leads to the marketplace, and shows an investment as soon as it is made', async () => {
    const { page } = await openWithMoney(bench, '/portfolio');
    await page.getByText('You have not invested yet').waitFor();
    await expectPresentable(page, 'portfolio-empty');
    expect(await page.getByRole('link', { name: 'Go to the marketplace' }).getAttribute('href')).toBe('/loans');
    const { data: loans } = await read<WirePage<{ id: string; purpose: string }>>(
      page,
      '/v1/loans?status=open&limit=1',
    );
    const [loan] = loans;
    const answer = await page.request.post('/v1/orders', {
      headers: { origin: bench.server.url },
      data: { kind: 'fund_loan', loan_id: loan?.id, amount: '25.00', allow_partial: true },
    });
    expect(((await answer.json()) as { status: string }).status).toBe('completed');
    const holdings = page.getByRole('table', { name: 'Holdings' });
    await holdings.getByRole('link', { name: loan?.purpose as string }).waitFor();
    await holdings.getByText('$25.00').first().waitFor();
    await page.getByText('everything happened on one day').waitFor();
  });

  test('the portfolio says what there is, what it brought, and what is expected, and is sorted and filtered in its address', async () => {
    const page = await bench.openAs('investor', '/portfolio');
    const portfolio = await read<PortfolioView>(page, '/v1/portfolio');
    const { cash, performing, late, committed } = portfolio;
    // What loans in default owe is no money.
    await page
      .getByText(dollars(sum([cash, performing, late, committed])), { exact: true })
      .first()
      .waitFor();
    await page.getByText(dollars(portfolio.interest_received), { exact: true }).first().waitFor();
    await page.locator('.recharts-bar-rectangle').first().waitFor();
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await page.getByRole('table', { name: 'Expected repayments' }).getByText('Principal').first().waitFor();
    await expectPresentable(page, 'portfolio');
    const holdings = page.getByRole('table', { name: 'Holdings' });
    await holdings.getByRole('button', { name: 'Invested' }).click();
    await page.waitForURL(/sort=invested/);
    await expect
      .poll(async () => {
        const amounts = await holdings.locator('td[data-label=Invested]').allInnerTexts();
        const numbers = amounts.map((text) => Number(text.replaceAll(/[$,]/g, '')));
        return (
          numbers.length > 1 && numbers.every((one, index) => index === 0 || one <= (numbers[index - 1] as number))
        );
      })
      .toBe(true);
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Repaid' }).click();
    await page.waitForURL(/status=repaid/);
    await expect.poll(() => holdings.getByText('Repaying').count()).toBe(0);
    await page.reload();
    await holdings.getByText('Repaid').first().waitFor();
    expect(await holdings.getByText('Repaying').count()).toBe(0);

    // As cards they are sorted by a choice, and what is not seen is not reached.
    await page.setViewportSize({ width: 360, height: 780 });
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Outstanding');
    await page.waitForURL(/sort=outstanding/);
    expect(
      await holdings.locator('thead button').evaluateAll((all) => all.filter((one) => one.checkVisibility())),
    ).toEqual([]);
  });
});
