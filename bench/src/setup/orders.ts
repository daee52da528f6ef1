import { postRequest } from '../load/http-connection.ts';
import type { Person } from './people.ts';

const random = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

const funding = (loan: string): string => `{"kind":"fund_loan","loan_id":"${loan}","amount":"1.00"}`;

/** Single orders of random investors for random loans, prepared so that the generator's work is not measured. */
export function singleOrders(
  investors: readonly Person[],
  loans: readonly string[],
  distinct = 20_000,
): () => { request: Buffer; orders: number } {
  const requests = Array.from({ length: distinct }, () => ({
    request: postRequest('/v1/orders', random(investors).token, funding(random(loans))),
    orders: 1,
  }));
  let i = 0;
  return () => requests[(i += 1) % distinct] as (typeof requests)[number];
}

/** Batches of one investor's orders for random loans. */
export function orderBatches(
  investors: readonly Person[],
  loans: readonly string[],
  size: number,
  distinct = 200,
): () => { request: Buffer; orders: number } {
  const requests = Array.from({ length: distinct }, () => {
    const orders = Array.from({ length: size }, () => funding(random(loans))).join(',');
    return {
      request: postRequest('/v1/orders/batch', random(investors).token, `{"orders":[${orders}]}`),
      orders: size,
    };
  });
  let i = 0;
  return () => requests[(i += 1) % distinct] as (typeof requests)[number];
}
