import { Text } from '@mantine/core';
import { Code } from '../../design/index.ts';
import { Link } from '../../navigation/index.ts';
import type { Names } from '../../wording/index.ts';
import classes from './operate.module.css';
import { pageOf, shortId } from './words.ts';

/** What an id names, by its name where that is known, as a link where a page shows it. The id is behind it, and in the title. */
export function IdLink({ id, names }: { id: string; names?: Names | undefined }) {
  const to = pageOf(id);
  const name = names?.[id];
  const words = name === undefined ? <Code>{shortId(id)}</Code> : name;
  return (
    <>
      {to === undefined ? (
        <span title={id}>{words}</span>
      ) : (
        <Link inherit underline="always" to={to} title={id} className={classes['wrap'] ?? ''}>
          {words}
        </Link>
      )}
      {name !== undefined && <QuietId id={id} />}
    </>
  );
}

/** An id behind the words that say what it is. */
export function QuietId({ id }: { id: string }) {
  return (
    <Text span size="xs" c="dimmed" title={id}>
      {' '}
      <Code>{shortId(id)}</Code>
    </Text>
  );
}
