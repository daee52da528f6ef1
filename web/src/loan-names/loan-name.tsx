import { LoanLink } from './loan-link.tsx';

/** The loan that something is about, behind what it is. */
export function LoanName({ loan }: { loan: { id: string; purpose: string } | null | undefined }) {
  if (!loan) return null;
  return (
    <>
      {'· '}
      <LoanLink {...loan} />
    </>
  );
}
