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

/** A loan by its name, for what knows its id only: orders and events. */
export function LoanLink({ id, onOpen }: { id: string; onOpen?: (() => void) | undefined }) {
  const { data: name } = useQuery({ queryKey: keys.loanName(id), queryFn: () => nameOf(id), staleTime: Infinity });
  if (name === null) return <>an unknown loan</>;
  return (
    <Link inherit underline="always" to={`/loans/${id}`} title={id} onClick={onOpen} style={ANYWHERE}>
      {name ?? 'the loan'}
    </Link>
  );
}
