import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  borrowerEmail,
  describeInBrowser,
  expectPresentable,
  inEveryWidth,
  operatorOf,
  query,
} from './support/index.ts';

/** Form and review are both looked at in every width: generous on purpose. */
const TWO_LOOKS_MS_MAX = 180_000;

describeInBrowser('operators open loans', (bench) => {
  test('opens a loan that an investor sees appear without a reload', { timeout: TWO_LOOKS_MS_MAX }, async () => {
    const { page: investor } = await bench.openNew({ path: '/loans' });
    await investor.getByRole('table', { name: 'Loans' }).waitFor();

    const page = await bench.openAs('operator', '/operate/loans/new');
    await page.getByRole('heading', { level: 1, name: 'Create loans' }).waitFor();
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByText('Say who borrows.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    await expectPresentable(page, 'operate-create-loan');

    const email = await borrowerEmail(bench.server);
    await page.getByRole('combobox', { name: 'Borrower' }).fill(email);
    await page.getByRole('option', { name: email }).click();
    await page.getByLabel('Purpose').fill('Windmill sails');
    await page.getByLabel('Amount in USD').fill('10,000');
    await page.getByLabel('Rate in percent a year').fill('7.25');
    await page.getByLabel('Term in months').fill('12');
    await page.getByText('$866.42').waitFor();
    await page.getByRole('button', { name: 'Review' }).press('Enter');
    await page.getByRole('heading', { name: 'Open this loan?' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Open this loan?');
    const terms = await page.getByRole('definition').allTextContents();
    expect(terms.join('|')).toMatch(
      /@.*\|Windmill sails\|\$10,000\.00\|7\.25% a year\|12 months \(1 year\)\|C\|\$866\.42\|\$866\.\d\d\|\$397\.\d\d\|\$10,397\.\d\d\|\w+day/,
    );
    await expectPresentable(page, 'operate-review-loan');
    await inEveryWidth(page, async (width) => {
      const cut = await page
        .getByRole('definition')
        .evaluateAll((cells) =>
          cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
        );
      expect(cut, `cut off at ${width}`).toEqual([]);
    });
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByRole('combobox', { name: 'Borrower' }).inputValue()).toContain(email);
    // The second half of the double click confirms nothing.
    await page.getByRole('button', { name: 'Review' }).dblclick();
    await page.getByRole('button', { name: 'Open loan' }).dblclick();
    await page.getByRole('heading', { name: '“Windmill sails” is open for funding' }).waitFor();
    await investor.getByRole('link', { name: 'Windmill sails' }).waitFor();
    expect(await investor.getByRole('link', { name: 'Windmill sails' }).count()).toBe(1);
  });

  test('says of each value what is wrong with it, and what would be right', async () => {
    const page = await bench.openAs('operator', '/operate/loans/new');
    await page.getByRole('heading', { level: 1, name: 'Create loans' }).waitFor();
    const cases = [
      ['Amount in USD', '0,500', 'Write 0.50 or 500.'],
      ['Amount in USD', '12.345', 'USD has 2. If you mean thousands, write 12345.'],
      ['Amount in USD', '9'.repeat(20), 'more than 1,000,000,000 USD'],
      ['Rate in percent a year', '725', '725% a year is more than 100%'],
      ['Term in months', '3600', 'Enter a whole number from 1 to 480 months.'],
      ['Open for funding until', '9000-01-01T00:00', 'more than 1827 days away'],
    ] as const;
    for (const [label, typed, words] of cases) {
      await page.getByLabel(label).fill(typed);
      await page.getByLabel(label).blur();
      await page.getByText(words).waitFor();
    }
    await page.getByLabel('Amount in USD').fill(' 1.234,50 ');
    await page.getByLabel('Rate in percent a year').fill('7,25 %');
    await page.getByLabel('Term in months').fill('12');
    await page.getByText('$106.96').waitFor();
  });

  test('opens many loans from a list, says what is wrong with a row, and opens nothing twice', async () => {
    const page = await bench.openAs('operator', '/operate/loans/new?way=many');
    await page.getByRole('heading', { level: 1, name: 'Create loans' }).waitFor();
    const email = await borrowerEmail(bench.server);
    const header = 'borrower,purpose,amount,apr,term_months,grade,funding_deadline';
    const row = (purpose: string, apr = '0.0725') => `${email},${purpose},1000.00,${apr},12,B,2027-01-31`;
    const list = (...rows: string[]) => [header, ...rows].join('\n');
    await page.getByLabel('Loans', { exact: true }).fill(list(row('Batch one'), row('Batch two', '7.25')));
    await page.getByRole('button', { name: 'Check the rows' }).click();
    await page.getByText('1 with errors, left out').waitFor();
    await page.getByText('Write 7.25% or 0.0725.').waitFor();
    await page.getByText('1 ready').waitFor();
    await expectPresentable(page, 'operate-create-loans');
    // The loan is opened, and the answer lost on the way: the client asks again.
    bench.allow(/ERR_FAILED/);
    const lose = async (route: Route): Promise<void> => {
      await route.fetch();
      await route.abort();
    };
    await page.route('**/v1/loans', lose, { times: 1 });
    await page.getByRole('button', { name: 'Open 1 loan' }).click();
    await page.getByText('1 of 1 loans are open').waitFor();

    // The wrong row is mended, and the whole list sent again.
    await page.getByLabel('Loans', { exact: true }).fill(list(row('Batch one'), row('Batch two')));
    await page.getByRole('button', { name: 'Check the rows' }).click();
    await page.getByRole('button', { name: 'Open 2 loans' }).click();
    await page.getByText('2 of 2 loans are open').waitFor();
    await page.getByText('Was open already').waitFor();
    const { data } = await operatorOf(bench.server).loans.list({ search: 'Batch ' });
    expect(data.map(({ purpose }) => purpose).toSorted((one, other) => one.localeCompare(other))).toEqual([
      'Batch one',
      'Batch two',
    ]);
  });

  test('closes a loan for funding, with a reason and after a question', async () => {
    const operator = operatorOf(bench.server);
    const { data } = await operator.loans.list({ status: 'open', limit: 1 });
    const { id, borrower_id } = await operator.loans.get(data[0]?.id ?? '');
    const loan = await operator.loans.create({
      borrower_id: borrower_id ?? id,
      purpose: 'Opened by mistake',
      amount: '500.00',
      apr: '0.07',
      term_months: 12,
      grade: 'B',
      funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
    });
    const page = await bench.openAs('operator', `/loans/${loan.id}`);
    await page.getByRole('heading', { level: 1, name: 'Opened by mistake' }).waitFor();
    await page.getByRole('button', { name: 'Close for funding' }).click();
    await page.getByRole('button', { name: 'Close and refund' }).click();
    await page.getByText('Say why the loan is closed').waitFor();
    await page.getByLabel('Reason').fill('Wrong borrower');
    await expectPresentable(page, 'operate-close-loan');
    await page.getByRole('button', { name: 'Close and refund' }).click();
    await page.getByText('Closed', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Close for funding' }).count()).toBe(0);
    expect((await operator.loans.get(loan.id)).status).toBe('closed');
  });

  test('asks before one leaves loans that are being opened', async () => {
    const page = await bench.openAs('operator', '/operate/loans/new?way=many');
    await page.getByRole('heading', { level: 1, name: 'Create loans' }).waitFor();
    const email = await borrowerEmail(bench.server);
    const header = 'borrower,purpose,amount,apr,term_months,grade,funding_deadline';
    const list = page.getByLabel('Loans', { exact: true });
    await list.fill(`${header}\n${email},Slow loan,1000.00,0.07,12,B,2027-01-31`);
    await page.getByRole('button', { name: 'Check the rows' }).click();
    const answer = Promise.withResolvers<void>();
    await page.route('**/v1/loans', async (route) => {
      await answer.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Open 1 loan' }).click();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('dialog', { name: 'Leave while loans are being opened?' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    answer.resolve();
    await page.getByText('1 of 1 loans are open').waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  });

  test('after a rest what is due waits, explained, until an operator confirms the clock', async () => {
    bench.allow(/ERR_|WebSocket|status of 5\d\d/);
    await bench.server.halt();
    // As after three weeks in which it was off, with a loan whose deadline has passed meanwhile.
    await query(bench.server, "update clock_marks set seen_at = seen_at - interval '21 days'");
    const [loan] = await query<{ id: string; was: Date }>(
      bench.server,
      `update loans l set funding_deadline = now() - interval '1 day' from (select id, funding_deadline as was from loans
       where status = 'open' order by id limit 1) as o where l.id = o.id returning l.id, o.was`,
    );
    await bench.server.resume();
    const page = await bench.openAs('operator', '/operate');
    const notice = page.getByRole('alert').filter({ hasText: 'the clock is not believed' });
    await notice.getByText('It is long since this installation was last at work.').waitFor();
    const overdue = page.getByRole('region', { name: 'Overdue' });
    await overdue.getByText('1 waits for a known reason').waitFor();
    await overdue.getByText('That is explained: the clock is not believed').waitFor();
    expect(await overdue.getByRole('link').getAttribute('href')).toBe(`/loans/loan_${loan?.id}`);
    await expectPresentable(page, 'operate-clock');
    await query(
      bench.server,
      `update loans set funding_deadline = '${loan?.was.toISOString()}' where id = '${loan?.id}'`,
    );
    await notice.getByRole('button', { name: 'The time is right' }).click();
    const question = page.getByRole('dialog', { name: 'Is the server’s time right?' });
    await question.getByText('that cannot be undone').waitFor();
    await question.getByRole('button', { name: 'The time is right' }).click();
    await question.waitFor({ state: 'detached' });
    await notice.waitFor({ state: 'detached' });
    const { clock } = await operatorOf(bench.server).overview.get();
    expect(clock?.fault).toBeNull();
    const confirmed = await query(bench.server, 'select from clock_marks where confirmed_by is not null');
    expect(confirmed).toHaveLength(1);
  });
});
