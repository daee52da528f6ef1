import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import type { Command, EventDraft } from '../../src/desks/desk.ts';
import { type ModelCommand, type ModelState, nextOf, SCALES } from './lending-model.ts';
import type { Step, World } from './lending-steps.ts';

const DAY_MS = 86_400_000;

/** Points the drawn indexes at the world; `collect_next` at what the model says is next before the batch. */
export function resolve(drawn: Step, world: World, model: ModelState, at: number, id: string): ModelCommand {
  const users = world.users;
  switch (drawn.op) {
    case 'deposit':
      return { op: 'deposit', id, user: users[drawn.user]!, asset: drawn.asset, amount: drawn.amount };
    case 'create': {
      const { asset: code, amount, apr, term } = drawn;
      const loanId = drawn.ownId ? id : world.loans[drawn.loan]!;
      return {
        op: 'create',
        id,
        loan: loanId,
        borrower: users[drawn.borrower]!,
        asset: code,
        amount,
        apr,
        term,
        deadline: at + drawn.days * DAY_MS,
      };
    }
    default: {
      const loanId = world.loans[drawn.loan]!;
      const known = model.loans[loanId];
      if (drawn.op === 'fund')
        return { op: 'fund', id, user: users[drawn.user]!, loan: loanId, amount: drawn.amount, partial: drawn.partial };
      if (drawn.op === 'recover') return { op: 'recover', id, user: users[drawn.user]!, loan: loanId };
      if (drawn.op === 'repay') return { op: 'repay', id, user: users[drawn.user]!, loan: loanId };
      if (drawn.op === 'repay_own') return { op: 'repay', id, user: known?.borrower ?? users[0]!, loan: loanId };
      if (drawn.op === 'rescue')
        return { op: 'deposit', id, user: known?.borrower ?? users[0]!, asset: known?.asset ?? 'USD', amount: '20000' };
      if (drawn.op === 'drain')
        return { op: 'drain', id, user: known?.borrower ?? users[0]!, asset: known?.asset ?? 'USD' };
      if (drawn.op === 'fill')
        return {
          op: 'fund',
          id,
          user: users[known?.borrower === users[0] ? 1 : 0]!,
          loan: loanId,
          amount: '1000',
          partial: true,
        };
      if (drawn.op === 'collect') return { op: 'collect', id, loan: loanId, number: drawn.number };
      if (drawn.op === 'collect_next')
        return { op: 'collect', id, loan: loanId, number: Math.max(known ? nextOf(known) : 0, 0) + 1 };
      return { op: drawn.op, id, loan: loanId };
    }
  }
}

/** The same command as the pipeline takes it. */
export function toCommand(c: ModelCommand, at: number): Command {
  const base = {
    id: c.id,
    actorId: null,
    at,
    shard: 0,
    idMayExist: false,
    fingerprint: null,
    key: null,
    retryOf: null,
  };
  if (c.op === 'deposit')
    return { ...base, kind: 'deposit', userId: c.user, params: { asset: c.asset, amount: c.amount } };
  if (c.op === 'drain') return { ...base, kind: 'withdraw', userId: c.user, params: { asset: c.asset, amount: '1' } };
  const loan_id = `loan_${c.loan}`;
  switch (c.op) {
    case 'create': {
      const { asset: code, amount, apr, term, deadline } = c;
      const params: Record<string, JsonValue> = {
        borrower_id: `usr_${c.borrower}`,
        purpose: 'Roof "new" \\ {shed}',
        asset: code,
        amount,
        apr,
      };
      Object.assign(params, { term_months: term, grade: 'B', funding_deadline: new Date(deadline).toISOString() });
      if (c.loan !== c.id) params['loan_id'] = loan_id;
      return { ...base, kind: 'create_loan', userId: null, params };
    }
    case 'fund':
      return {
        ...base,
        kind: 'fund_loan',
        userId: c.user,
        params: { loan_id, amount: c.amount, allow_partial: c.partial },
      };
    case 'repay':
      return { ...base, kind: 'repay_loan', userId: c.user, params: { loan_id } };
    case 'recover':
      return { ...base, kind: 'recover_loan', userId: c.user, params: { loan_id } };
    case 'close':
      return { ...base, kind: 'close_loan', userId: null, params: { loan_id, reason: 'Opened by mistake' } };
    case 'collect':
      return { ...base, kind: 'collect_installment', userId: null, params: { loan_id, number: c.number } };
    case 'expire':
    case 'default':
      return { ...base, kind: `${c.op}_loan`, userId: null, params: { loan_id } };
  }
}

/** An outcome in the model's words. */
export function outcomeText(
  outcome: { status: string; reason: string | null; result: JsonObject },
  c: ModelCommand,
  model: ModelState,
): string {
  if (outcome.status !== 'completed') return outcome.reason ?? outcome.status;
  if (c.op === 'collect') return outcome.result['collected'] === true ? 'completed' : 'completed missed';
  if (c.op !== 'fund') return 'completed';
  return `completed ${minor(outcome.result['accepted_amount'] as string, SCALES[model.loans[c.loan]!.asset]!)}`;
}

function minor(text: string, scale: number): string {
  const [whole, fraction = ''] = text.split('.');
  if (fraction.length !== scale) throw new Error(`${text} has not ${scale} decimal places`);
  return BigInt(whole + fraction).toString();
}

const bare = (id: string): string => id.replace(/^[a-z]+_/, '');

/** An event of the desk in the model's words; undefined for those that the model does not speak of. */
export function eventText(event: Pick<EventDraft, 'type' | 'data' | 'userId'>, model: ModelState): string | undefined {
  const data = event.data as JsonObject;
  if (typeof data['loan_id'] !== 'string') return undefined;
  const loanId = bare(data['loan_id']);
  const scale = SCALES[model.loans[loanId]?.asset ?? 'USD']!;
  const m = (field: string): string => minor(data[field] as string, scale);
  const number = data['number'] as number;
  const what: Partial<Record<typeof event.type, () => string>> = {
    loan_created: () => m('amount'),
    loan_funded: () => m('amount'),
    loan_disbursed: () => m('amount'),
    notes_issued: () => m('amount'),
    loan_expired: () => m('refunded'),
    loan_closed: () => m('refunded'),
    investment_refunded: () => m('amount'),
    installment_paid: () => `${number}/${m('principal')}/${m('interest')}/${m('fee')}`,
    repayment_received: () => `${number}/${m('principal')}/${m('interest')}`,
    loan_late: () => String(number),
    loan_current: () => '-',
    loan_repaid: () => '-',
    loan_defaulted: () => m('outstanding'),
  };
  const text = what[event.type];
  return text && `${event.type} ${loanId} ${event.userId ?? '-'} ${text()}`;
}
