import type { OperationId, Role, Scope } from '@millrace/contract';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { registerMerchant } from '../support/ledger.ts';
import type { TestRest, TestUser } from '../support/rest.ts';

/** A request that is right in everything but, perhaps, who sends it. */
export interface Request {
  /** The path's `{id}`. */
  id?: string;
  /** The path's `{key_id}`. */
  keyId?: string;
  /** The path's `{handle}`. */
  handle?: string;
  /** Without its `?`. */
  query?: string;
  body?: object;
}

/** An operation's path, with what the request is about in its place. */
export function pathOf({ path }: { path: string }, { id = '', keyId = '', handle = '' }: Request): string {
  return path.replace('{id}', id).replace('{key_id}', keyId).replace('{handle}', handle);
}

/** What an operation's access is meant to be: written down here a second time, by hand, so that a slip in the contract shows. */
export interface Expected {
  access: 'public' | 'metrics' | 'signature' | { roles: readonly Role[]; scope: Scope | null; sessionOnly?: true };
  /** The status for those who may. */
  success: number;
  /** What the operation is about, made for its owner. Default: nothing in particular. */
  request?(rest: TestRest, owner: TestUser): Promise<Request>;
  /** What another user's object is answered with: to people, and to operators. Absent: the operation has no object. */
  others?: { people: number; operator: number };
}

const EVERYBODY: readonly Role[] = ['investor', 'trader', 'operator', 'service'];
const READ = { roles: EVERYBODY, scope: 'orders:read' } as const;
const WRITE = { roles: EVERYBODY, scope: 'orders:write' } as const;
const SESSION = { roles: EVERYBODY, scope: null, sessionOnly: true } as const;
const OPERATE = { roles: ['operator'], scope: 'operate' } as const;

/** Acts on people: a key that leaks must not be able to keep everybody out. */
const OPERATE_IN_PERSON = { ...OPERATE, sessionOnly: true } as const;

const deposit = { kind: 'deposit', asset: 'USD', amount: '1.00' };

async function place(rest: TestRest, as: TestUser, body: object): Promise<string> {
  const answer = await rest.call('POST', '/v1/orders', { as, body });
  if (answer.statusCode > 202) throw new Error(answer.body);
  return answer.json().id;
}

const orderOf = async (rest: TestRest, owner: TestUser): Promise<Request> => ({
  id: await place(rest, owner, deposit),
});

async function pendingOrderOf(rest: TestRest, owner: TestUser): Promise<Request> {
  await place(rest, owner, deposit);
  return { id: await place(rest, owner, { ...deposit, kind: 'withdraw' }) };
}

async function accountOf(rest: TestRest, owner: TestUser): Promise<Request> {
  await place(rest, owner, deposit);
  const { data } = (await rest.call('GET', '/v1/accounts', { as: owner })).json();
  return { id: data[0].id };
}

async function keyOf({ core }: TestRest, owner: TestUser): Promise<Request> {
  const caller = await core.identity.authenticate(owner.token);
  const key = caller && (await core.identity.createKey(caller, { name: 'one', scopes: ['orders:read'] }));
  if (!key?.ok) throw new Error('no key was made');
  return { id: key.value.id };
}

/** One more session than the one that asks. */
async function sessionOf({ core, pool }: TestRest, { userId, email, password }: TestUser): Promise<Request> {
  await core.identity.login({ email, password }, { address: '127.0.0.1' });
  const { rows } = await pool.query('select id from sessions where user_id = $1 order by id desc limit 1', [userId]);
  return { id: formatId('session', rows[0].id) };
}

/** Whom operators look at: nobody of the test's own cast, who go on. */
const strangerOf = async (rest: TestRest): Promise<Request> => ({ id: (await rest.person()).id });

async function userKeyOf(rest: TestRest, owner: TestUser): Promise<Request> {
  const { id } = await keyOf(rest, owner);
  return { id: owner.id, ...(id !== undefined && { keyId: id }) };
}

function loanBody(borrowerId: string): object {
  const funding_deadline = new Date(Date.now() + 86_400_000).toISOString();
  return {
    borrower_id: borrowerId,
    purpose: 'x',
    amount: '50',
    apr: '0.05',
    term_months: 6,
    grade: 'A',
    funding_deadline,
  };
}

async function loanOf({ core }: TestRest, owner: TestUser): Promise<Request> {
  const answer = await core.intake.submitInternal('create_loan', uuidv7(), loanBody(owner.id) as never);
  if (!answer.ok) throw new Error(answer.problem.detail);
  return { id: answer.order.result['loan_id'] as string };
}

async function merchantOf(rest: TestRest): Promise<Request> {
  const handle = `shop-${uuidv7()}`;
  await registerMerchant(rest, { handle, name: 'Shop' });
  return { handle };
}

/** A command that was set aside, as the pipeline sets them aside. */
async function deadLetterOf({ pool }: TestRest, owner: TestUser): Promise<Request> {
  const id = uuidv7();
  const command = {
    id: uuidv7(),
    kind: 'deposit',
    userId: owner.userId,
    actorId: null,
    params: { asset: 'USD', amount: '1.00' },
    at: Date.now(),
    shard: 0,
    idMayExist: true,
    fingerprint: null,
    key: null,
    retryOf: null,
  };
  await pool.query(
    "insert into dead_letters (id, order_id, kind, command, error, created_at) values ($1, $2, 'deposit', $3, 'test', now())",
    [id, command.id, JSON.stringify(command)],
  );
  return { id: formatId('deadLetter', id) };
}

const credentials = async (): Promise<Request> => ({
  body: { email: `${uuidv7()}@test.example`, password: 'a long enough phrase', name: 'New' },
});

/** Every operation of the document. One that is missing here fails the test. */
export const EXPECTED: Readonly<Record<OperationId, Expected>> = {
  register: { access: 'public', success: 201, request: credentials },
  logIn: {
    access: 'public',
    success: 200,
    request: async (rest) => {
      const { email, password } = await rest.person();
      return { body: { email, password } };
    },
  },
  logOut: { access: SESSION, success: 204 },
  resetPassword: {
    access: 'public',
    success: 204,
    request: async (rest) => {
      const link = await rest.core.identity.createResetLink(undefined, (await rest.person()).userId);
      if (!link.ok) throw new Error(link.problem.detail);
      return { body: { token: link.value.path.split('#')[1], new_password: 'another long phrase' } };
    },
  },
  changePassword: {
    access: SESSION,
    success: 204,
    request: async (_rest, owner) => ({
      body: { current_password: owner.password, new_password: owner.password },
    }),
  },
  listSessions: { access: SESSION, success: 200 },
  endSessions: { access: SESSION, success: 204 },
  endSession: { access: SESSION, success: 204, request: sessionOf, others: { people: 404, operator: 404 } },
  createTicket: { access: { roles: EVERYBODY, scope: null }, success: 201 },
  getMe: { access: { roles: EVERYBODY, scope: null }, success: 200 },
  createApiKey: {
    access: SESSION,
    success: 201,
    request: async () => ({ body: { name: 'k', scopes: ['orders:read'] } }),
  },
  listApiKeys: { access: SESSION, success: 200 },
  deleteApiKey: { access: SESSION, success: 204, request: keyOf, others: { people: 404, operator: 204 } },
  listAccounts: { access: READ, success: 200 },
  getPeriodBalances: { access: READ, success: 200, request: accountOf, others: { people: 404, operator: 200 } },
  listTransfers: { access: READ, success: 200, request: accountOf, others: { people: 404, operator: 200 } },
  submitOrder: { access: WRITE, success: 201, request: async () => ({ body: deposit }) },
  submitOrders: { access: WRITE, success: 200, request: async () => ({ body: { orders: [deposit] } }) },
  previewOrder: { access: WRITE, success: 200, request: async () => ({ body: deposit }) },
  listOrders: { access: READ, success: 200 },
  getOrder: { access: READ, success: 200, request: orderOf, others: { people: 404, operator: 200 } },
  listOrderEvents: { access: READ, success: 200, request: orderOf, others: { people: 404, operator: 200 } },
  // An operator sees everybody's orders and changes nobody's.
  cancelOrder: { access: WRITE, success: 200, request: pendingOrderOf, others: { people: 404, operator: 404 } },
  listLoans: { access: READ, success: 200 },
  getLoan: { access: READ, success: 200, request: loanOf, others: { people: 200, operator: 200 } },
  listLoanFundings: { access: READ, success: 200, request: loanOf, others: { people: 200, operator: 200 } },
  projectLoan: {
    access: READ,
    success: 200,
    request: async (rest, owner) => ({ ...(await loanOf(rest, owner)), query: 'amount=1.00' }),
    others: { people: 200, operator: 200 },
  },
  getPortfolio: { access: READ, success: 200 },
  listHoldings: { access: READ, success: 200 },
  createLoan: {
    access: { roles: ['operator'], scope: 'loans:write' },
    success: 201,
    request: async (_rest, owner) => ({ body: loanBody(owner.id) }),
  },
  closeLoan: {
    access: { roles: ['operator'], scope: 'loans:write' },
    success: 200,
    request: async (rest, owner) => ({ ...(await loanOf(rest, owner)), body: { reason: 'Opened by mistake' } }),
    others: { people: 403, operator: 200 },
  },
  listMerchants: { access: READ, success: 200 },
  getMerchant: { access: READ, success: 200, request: merchantOf, others: { people: 200, operator: 200 } },
  registerMerchant: {
    access: OPERATE,
    success: 201,
    request: async () => ({ body: { handle: `shop-${uuidv7()}`, name: 'Shop' } }),
  },
  updateMerchant: {
    access: OPERATE,
    success: 200,
    request: async (rest) => ({ ...(await merchantOf(rest)), body: { disabled: true } }),
    others: { people: 403, operator: 200 },
  },
  listEvents: { access: READ, success: 200 },
  listNotifications: { access: READ, success: 200 },
  streamEvents: { access: READ, success: 200 },
  listDeadLetters: { access: OPERATE, success: 200 },
  retryDeadLetter: { access: OPERATE, success: 200, request: deadLetterOf, others: { people: 403, operator: 200 } },
  getInstallation: { access: 'public', success: 200 },
  streamInstallation: { access: 'public', success: 200 },
  getOverview: { access: OPERATE, success: 200 },
  streamOverview: { access: OPERATE, success: 200 },
  confirmClock: { access: OPERATE, success: 200 },
  runVerification: { access: OPERATE, success: 200 },
  // A caller who may ask gets 204 as long as nothing was run.
  getLatestVerification: {
    access: OPERATE,
    success: 200,
    request: async (rest) => {
      await rest.services.verifications.run();
      return {};
    },
  },
  explainOrder: { access: READ, success: 200, request: orderOf, others: { people: 404, operator: 200 } },
  listUsers: { access: OPERATE, success: 200 },
  getUser: { access: OPERATE, success: 200, request: strangerOf, others: { people: 403, operator: 200 } },
  disableUser: { access: OPERATE_IN_PERSON, success: 200, request: strangerOf, others: { people: 403, operator: 200 } },
  enableUser: { access: OPERATE_IN_PERSON, success: 200, request: strangerOf, others: { people: 403, operator: 200 } },
  createResetLink: {
    access: OPERATE_IN_PERSON,
    success: 201,
    request: strangerOf,
    others: { people: 403, operator: 201 },
  },
  listUserApiKeys: { access: OPERATE, success: 200, request: strangerOf, others: { people: 403, operator: 200 } },
  deleteUserApiKey: {
    access: OPERATE_IN_PERSON,
    success: 204,
    request: userKeyOf,
    others: { people: 403, operator: 204 },
  },
  listAuditLog: { access: OPERATE, success: 200 },
  search: { access: OPERATE, success: 200, request: async () => ({ query: 'q=nobody' }) },
  getTrialBalance: { access: OPERATE, success: 200 },
  listLedgerAccounts: { access: OPERATE, success: 200 },
  getLedgerAccount: { access: OPERATE, success: 200, request: accountOf, others: { people: 403, operator: 200 } },
  reportWithdrawal: {
    access: 'signature',
    success: 200,
    request: async (rest, owner) => ({ body: { order_id: (await pendingOrderOf(rest, owner)).id, outcome: 'paid' } }),
  },
  getHealth: { access: 'public', success: 200 },
  getReadiness: { access: 'public', success: 200 },
  getMetrics: { access: 'metrics', success: 200 },
  getOpenApi: { access: 'public', success: 200 },
  getAsyncApi: { access: 'public', success: 200 },
};
