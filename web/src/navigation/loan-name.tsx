import { Link } from './link.tsx';

/** The loan that something is about, by its purpose, with the way to it. */
export function LoanName({ loan }: { loan: { id: string; purpose: string } | null | undefined }) {
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
