import { type Client, createClient } from '@millrace/client';
import type { WireCreateLoan } from '@millrace/contract';
import type { WebServer } from './web-server.ts';

/** Of a file in `test/examples/`, by the path of a page that shows an object: makes one, and says where its page is. */
export type Examples = Readonly<Record<string, (server: WebServer) => Promise<string>>>;

const DAY_MS = 86_400_000;

/** The API as the operator sees it, for what a test prepares. */
export function operatorOf(server: WebServer): Client {
  return createClient({ url: server.url, token: server.operatorKey });
}

/** The API as one of the demo's people (`investor`, `trader`) sees it. */
export async function personOf(server: WebServer, role: string): Promise<Client> {
  const login = server.logins.find((one) => one.role === role);
  if (!login) throw new Error(`the demo has nobody who is ${role}`);
  const { email, password } = login;
  const { token } = await createClient({ url: server.url }).auth.logIn({ email, password });
  return createClient({ url: server.url, token });
}

/** Opens a loan of a purpose that only this test has. Returns its id. */
export async function openLoan(
  server: WebServer,
  purpose: string,
  more: { amount?: string; borrowerId?: string } = {},
): Promise<string> {
  const operator = operatorOf(server);
  const borrower = more.borrowerId ?? (await someBorrower(operator));
  const loan: WireCreateLoan = {
    borrower_id: borrower,
    purpose,
    amount: more.amount ?? '1000.00',
    apr: '0.08',
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(Date.now() + 7 * DAY_MS).toISOString(),
  };
  return (await operator.loans.create(loan)).id;
}

async function someBorrower(operator: Client): Promise<string> {
  const { data } = await operator.loans.list({ limit: 1 });
  const { borrower_id: borrower } = await operator.loans.get(data[0]?.id ?? '');
  if (borrower === null) throw new Error('the operator sees no borrower');
  return borrower;
}
