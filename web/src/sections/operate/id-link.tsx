import { Code } from '../../design/index.ts';
import { Link } from '../../navigation/index.ts';
import { pageOf, shortId } from './words.ts';

/** An id as a link to what it names, or as it is where nothing shows it. */
export function IdLink({ id }: { id: string }) {
  const to = pageOf(id);
  if (to === undefined) return <Code>{shortId(id)}</Code>;
  return (
    <Link to={to} title={id}>
      <Code>{shortId(id)}</Code>
    </Link>
  );
}
