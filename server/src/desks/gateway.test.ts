import { expect, test } from 'vitest';
import { createSimulatedGateway } from './gateway.ts';

const instruction = { orderId: 'ord_1', userId: 'usr_1', asset: 'USD', amount: '0', expiresAt: 0 };
const signal = new AbortController().signal;

test.each([
  ['9999.99', true],
  ['9999.99999999', true],
  ['10000', false],
  ['10000.00', false],
  ['99999999999999999999', false],
])('answers %s with %s, and the same again after the deadline', async (amount, approved) => {
  const bank = createSimulatedGateway({ delayMs: 0 });
  const answers = [
    await bank.pay({ ...instruction, amount }, signal),
    await bank.pay({ ...instruction, amount }, signal),
  ];
  expect(answers.map((answer) => 'approved' in answer && answer.approved)).toEqual([approved, approved]);
});

test('takes its limit from outside', async () => {
  const bank = createSimulatedGateway({ declinesFrom: '5', delayMs: 0 });
  expect(await bank.pay({ ...instruction, amount: '5.00' }, signal)).toEqual({
    approved: false,
    reason: 'amount_too_large',
  });
});

test('gives up at once when it is told to', async () => {
  const stop = new AbortController();
  const answer = createSimulatedGateway({ delayMs: 3_600_000 }).pay(instruction, stop.signal);
  stop.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
});
