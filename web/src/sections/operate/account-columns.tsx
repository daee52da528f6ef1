import type { LedgerAccountView } from '@millrace/contract';
import { type Column, Money } from '../../design/index.ts';
import { Link } from '../../navigation/index.ts';
import { assetLabel, purposeLabel } from '../../wording/index.ts';
import classes from './operate.module.css';

type Account = Pick<LedgerAccountView, 'id' | 'purpose' | 'asset' | 'balance' | 'held' | 'available'> &
  Partial<Pick<LedgerAccountView, 'names'>>;

const money = (id: 'balance' | 'held' | 'available', header: string): Column<Account> => ({
  id,
  header,
  align: 'right',
  cell: (account) => <Money amount={account[id]} asset={account.asset} />,
});

/** Which account it is, with the way to its lines. */
export const ACCOUNT_COLUMN: Column<Account> = {
  id: 'account',
  header: 'Account',
  title: true,
  cell: ({ id, purpose, asset, names }) => (
    <Link to={`/operate/ledger/${id}`} className={classes['wrap'] ?? ''}>
      {purposeLabel(purpose)} · {assetLabel(asset, names)}
    </Link>
  ),
};

export const BALANCE_COLUMNS: readonly Column<Account>[] = [
  money('balance', 'Balance'),
  money('held', 'Held'),
  money('available', 'Available'),
];
