import { Button, Card, NativeSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { UserEntryView, UsersQuery } from '@millrace/contract';
import { IconUserQuestion } from '@tabler/icons-react';
import { type Column, Empty, ObjectTools, RelativeTime } from '../../../design/index.ts';
import { usePages } from '../../../live/index.ts';
import { Link, SEARCH_LENGTH_MAX, textIn, UrlSearchInput, useUrlState, wordIn } from '../../../navigation/index.ts';
import { wordsOfName } from '../../../wording/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { Listing } from '../listing.tsx';
import classes from '../operate.module.css';
import { usersQuery } from '../queries.ts';
import { CreateUser } from './create-user.tsx';
import { AccessTag, ROLES } from './user-actions.tsx';

interface Filters {
  search: string | undefined;
  role: (typeof ROLES)[number] | undefined;
}

function readFilters(raw: Record<string, unknown>): Filters {
  return { search: textIn(raw, 'search')?.slice(0, SEARCH_LENGTH_MAX), role: wordIn(raw, 'role', ROLES) };
}

function queryOf({ search, role }: Filters): Pick<UsersQuery, 'search' | 'role'> {
  return { ...(search === undefined ? {} : { search }), ...(role === undefined ? {} : { role }) };
}

const COLUMNS: readonly Column<UserEntryView>[] = [
  {
    id: 'user',
    header: 'User',
    title: true,
    cell: ({ id, name, email }) => (
      <>
        <Link to={`/operate/users/${id}`} fw={600} className={classes['wrap'] ?? ''}>
          {name}
        </Link>
        <Text size="xs" c="dimmed" className={classes['wrap'] ?? ''}>
          {email}
        </Text>
      </>
    ),
  },
  { id: 'role', header: 'Role', cell: ({ role }) => wordsOfName(role) },
  { id: 'access', header: 'Access', cell: ({ disabled_at }) => <AccessTag disabledAt={disabled_at} /> },
  { id: 'since', header: 'Since', align: 'right', cell: ({ created_at }) => <RelativeTime value={created_at} /> },
];

/** Everybody who has an account here. */
export function UsersPage() {
  const [filters, change] = useUrlState(readFilters);
  const query = queryOf(filters);
  const [creating, { open, close }] = useDisclosure();
  const users = usePages(usersQuery(query));
  const clear = (): void => change({ search: undefined, role: undefined });
  const path = `/v1/users?${new URLSearchParams(Object.entries(query)).toString()}`;
  return (
    <ConsolePage
      title="Users"
      lead="Newest first. Each leads to accounts, orders and keys."
      actions={
        <>
          <Button onClick={open}>Create user</Button>
          <ObjectTools path={path} json={users.data?.pages[0] ?? null} />
        </>
      }
    >
      {creating && <CreateUser onClose={close} />}
      <search className={classes['filters']} aria-label="Users">
        <UrlSearchInput
          placeholder="E-mail, name or id"
          value={filters.search}
          change={(search) => change({ search })}
        />
        <NativeSelect
          label="Role"
          data={[{ value: '', label: 'Any' }, ...ROLES.map((value) => ({ value, label: wordsOfName(value) }))]}
          value={filters.role ?? ''}
          onChange={(event) => change({ role: event.currentTarget.value })}
        />
      </search>
      <Card aria-busy={users.isPlaceholderData}>
        <Listing
          query={users}
          label="Users"
          failure="The users could not be loaded."
          skeletonRows={12}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          empty={
            <Empty
              title="Nobody fits"
              icon={IconUserQuestion}
              action={<Button onClick={clear}>Clear the filters</Button>}
            >
              Search for a part of the e-mail address or the name, or for an id.
            </Empty>
          }
        />
      </Card>
    </ConsolePage>
  );
}
