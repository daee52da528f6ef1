import { useQuery } from '@tanstack/react-query';
import { keys } from '../live/keys.ts';
import { Link } from '../navigation/index.ts';
import { client } from '../session/index.ts';
import { createNameReader } from './name-reader.ts';

const nameOf = createNameReader(async (ids) => {
  const { data } = await client.loans.list({ ids: ids.join(','), limit: ids.length });
  return new Map(data.map(({ id, purpose }) => [id, purpose]));
});

/** A purpose may be one word that is longer than a phone is wide. */
const ANYWHERE = { overflowWrap: 'anywhere' } as const;

export interface LoanLinkProps {
  id: string;
  /** What it is called, where that was told; else it is asked for: what comes live knows the id only. */
  purpose?: string | undefined;
  onOpen?: (() => void) | undefined;
}

/** A loan by its name, with the way to it. */
export function LoanLink({ id, purpose, onOpen }: LoanLinkProps) {
  const isTold = purpose !== undefined;
  const asked = useQuery({
    queryKey: keys.loanName(id),
    queryFn: () => nameOf(id),
    staleTime: Infinity,
    enabled: !isTold,
  });
  const name = purpose ?? asked.data;
  if (name === null) return <>an unknown loan</>;
  return (
    <Link inherit underline="always" to={`/loans/${id}`} title={id} onClick={onOpen} style={ANYWHERE}>
      {name ?? 'the loan'}
    </Link>
  );
}
