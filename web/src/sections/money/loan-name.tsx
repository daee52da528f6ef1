import type { WireTransfer } from '@millrace/contract';
import { Link } from '../../navigation/index.ts';

/** The loan that a movement is about, by its purpose. */
export function LoanName({ loan }: { loan: WireTransfer['loan'] | undefined }) {
  if (!loan) return null;
  return (
    <>
      {'· '}
      <Link inherit underline="always" to={`/loans/${loan.id}`} title={loan.id}>
        {loan.purpose}
      </Link>
    </>
  );
}
