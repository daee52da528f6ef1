import { Button, Card, NativeSelect, Text } from '@mantine/core';
import type { AuditEntryView, AuditQuery } from '@millrace/contract';
import { IconClipboardOff } from '@tabler/icons-react';
import { type Column, DateTime, Empty, ObjectTools, Tag } from '../../../design/index.ts';
import { usePages } from '../../../live/index.ts';
import { isDay, periodOf } from '../../../money/index.ts';
import {
  Link,
  SEARCH_LENGTH_MAX,
  textIn,
  UrlDateInput,
  UrlSearchInput,
  useUrlState,
  wordIn,
} from '../../../navigation/index.ts';
import { isUserId, wordsOfName } from '../../../wording/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { IdLink } from '../id-link.tsx';
import { Listing } from '../listing.tsx';
import classes from '../operate.module.css';
import { auditQuery } from '../queries.ts';
import { actLabel, KNOWN_ACTS } from './acts.ts';

const OUTCOMES = ['done', 'refused'] as const;
const NOTHING = {
  search: undefined,
  act: undefined,
  outcome: undefined,
  user_id: undefined,
  from: undefined,
  to: undefined,
};

function readFilters(raw: Record<string, unknown>) {
  const day = (name: string): string | undefined => {
    const text = textIn(raw, name);
    return text !== undefined && isDay(text) ? text : undefined;
  };
  const userId = textIn(raw, 'user_id');
  return {
    search: textIn(raw, 'search')?.slice(0, SEARCH_LENGTH_MAX),
    act: wordIn(raw, 'act', KNOWN_ACTS),
    outcome: wordIn(raw, 'outcome', OUTCOMES),
    user_id: userId !== undefined && isUserId(userId) ? userId : undefined,
    from: day('from'),
    to: day('to'),
  };
}

function queryOf({ from, to, ...filters }: ReturnType<typeof readFilters>): AuditQuery {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(given) as AuditQuery), ...periodOf({ from, to }) };
}

/** Who did what, about whom, from where. */
export function AuditPage() {
  const [filters, change] = useUrlState(readFilters);
  const query = queryOf(filters);
  const entries = usePages(auditQuery(query));
  const path = `/v1/audit-log?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)])).toString()}`;
  return (
    <ConsolePage
      title="Audit log"
      lead="Every act of operators, and log-ins that failed, newest first. Nothing here can be changed."
      actions={<ObjectTools path={path} json={entries.data?.pages[0] ?? null} />}
    >
      <search className={classes['filters']} aria-label="Audit log">
        <UrlSearchInput
          placeholder="Person, id or address"
          value={filters.search}
          change={(search) => change({ search })}
        />
        <NativeSelect
          label="Act"
          data={[{ value: '', label: 'Any' }, ...KNOWN_ACTS.map((value) => ({ value, label: actLabel(value) }))]}
          value={filters.act ?? ''}
          onChange={(event) => change({ act: event.currentTarget.value })}
        />
        <NativeSelect
          label="Outcome"
          data={[{ value: '', label: 'Any' }, ...OUTCOMES.map((value) => ({ value, label: wordsOfName(value) }))]}
          value={filters.outcome ?? ''}
          onChange={(event) => change({ outcome: event.currentTarget.value })}
        />
        <UrlDateInput label="From" value={filters.from} change={(from) => change({ from })} />
        <UrlDateInput label="To" value={filters.to} change={(to) => change({ to })} />
      </search>
      {filters.user_id !== undefined && (
        <Text size="sm">
          About <IdLink id={filters.user_id} /> only.{' '}
          <Button variant="subtle" size="compact-sm" onClick={() => change({ user_id: undefined })}>
            Show everybody
          </Button>
        </Text>
      )}
      <Card aria-busy={entries.isPlaceholderData}>
        <Listing
          query={entries}
          label="Audit log"
          failure="The audit log could not be loaded."
          skeletonRows={12}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          empty={
            <Empty
              title="Nothing fits"
              icon={IconClipboardOff}
              action={<Button onClick={() => change(NOTHING)}>Clear the filters</Button>}
            >
              Search for a part of an e-mail address or a name, for an id, or for an address.
            </Empty>
          }
        />
      </Card>
    </ConsolePage>
  );
}

const COLUMNS: readonly Column<AuditEntryView>[] = [
  {
    id: 'act',
    header: 'Act',
    title: true,
    cell: ({ act, code, outcome }) => (
      <>
        {actLabel(act)} {outcome === 'refused' && <Tag tone="bad" label={wordsOfName(code ?? 'refused')} />}
      </>
    ),
  },
  { id: 'at', header: 'When', cell: ({ at }) => <DateTime value={at} /> },
  { id: 'actor', header: 'Who', cell: ({ actor, credential }) => <Who person={actor} otherwise={credential} /> },
  {
    id: 'about',
    header: 'About',
    cell: ({ user, subject, details, names }) => {
      if (user) return <Who person={user} otherwise={null} />;
      if (subject !== null) return <IdLink id={subject} names={names} />;
      const email: unknown = details?.['email' as never];
      return typeof email === 'string' ? <span className={classes['wrap']}>{email}</span> : '–';
    },
  },
  {
    id: 'from',
    header: 'From',
    cell: ({ address, user_agent }) => <span title={user_agent ?? ''}>{address ?? '–'}</span>,
  },
];

function Who({ person, otherwise }: { person: AuditEntryView['actor']; otherwise: string | null }) {
  if (person === null) return <>{otherwise === null ? 'Not known' : wordsOfName(otherwise)}</>;
  return (
    <>
      <Link to={`/operate/users/${person.id}`} className={classes['wrap'] ?? ''}>
        {person.name}
      </Link>
      {otherwise !== null && otherwise !== 'session' && (
        <Text size="xs" c="dimmed">
          {`by key ${otherwise}…`}
        </Text>
      )}
    </>
  );
}
