import { Button, Card, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { MerchantsQuery, MerchantView } from '@millrace/contract';
import { IconBuildingStore } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type Column, Confirm, Empty, ObjectTools, RelativeTime, useConfirmed } from '../../../design/index.ts';
import { keys, usePages } from '../../../live/index.ts';
import { Link, SEARCH_LENGTH_MAX, textIn, UrlSearchInput, useUrlState } from '../../../navigation/index.ts';
import { client } from '../../../session/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { IdLink } from '../id-link.tsx';
import { Listing } from '../listing.tsx';
import classes from '../operate.module.css';
import { merchantsQuery } from '../queries.ts';
import { AccessTag } from '../users/user-actions.tsx';
import { RegisterMerchant } from './register-merchant.tsx';

/** Ends payments to a merchant, or takes them again, after a question. */
function MerchantSwitch({ merchant: { handle, name, disabled_at } }: { merchant: MerchantView }) {
  const cache = useQueryClient();
  const isDisabled = disabled_at !== null;
  const { open, confirm } = useConfirmed(async () => {
    await client.merchants.update(handle, { disabled: !isDisabled });
    await cache.invalidateQueries({ queryKey: keys.operate('merchants') });
  });
  const verb = isDisabled ? 'Enable' : 'Disable';
  return (
    <>
      <Button variant="default" size="xs" aria-label={`${verb} ${name}`} onClick={open}>
        {verb}
      </Button>
      <Confirm
        {...confirm}
        title={isDisabled ? `Enable ${name} again?` : `Disable ${name}?`}
        action={`${verb} merchant`}
        danger={!isDisabled}
      >
        {isDisabled
          ? 'Payments to it are taken again.'
          : 'Payments to it are refused from now on. What was paid stays paid. You can take this back.'}
      </Confirm>
    </>
  );
}

const COLUMNS: readonly Column<MerchantView>[] = [
  {
    id: 'merchant',
    header: 'Merchant',
    title: true,
    cell: ({ name, handle }) => (
      <>
        <Text fw={600} className={classes['wrap'] ?? ''}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" className={classes['wrap'] ?? ''}>
          {handle}
        </Text>
      </>
    ),
  },
  {
    id: 'receives',
    header: 'Money goes to',
    cell: ({ id, owner }) =>
      owner === null ? (
        <Link inherit to="/operate/ledger" search={{ owner: id }}>
          Its own accounts
        </Link>
      ) : (
        <IdLink id={owner} />
      ),
  },
  { id: 'state', header: 'Payments', cell: ({ disabled_at }) => <AccessTag disabledAt={disabled_at} /> },
  { id: 'since', header: 'Since', cell: ({ created_at }) => <RelativeTime value={created_at} /> },
  { id: 'change', header: 'Change', align: 'right', cell: (merchant) => <MerchantSwitch merchant={merchant} /> },
];

/** Who can be paid under a handle. */
export function MerchantsPage() {
  const [{ search }, change] = useUrlState((raw) => ({ search: textIn(raw, 'search')?.slice(0, SEARCH_LENGTH_MAX) }));
  const query: MerchantsQuery = search === undefined ? {} : { search };
  const [registering, { open, close }] = useDisclosure();
  const merchants = usePages(merchantsQuery(query));
  const path = `/v1/merchants?${new URLSearchParams(search === undefined ? {} : { search }).toString()}`;
  return (
    <ConsolePage
      title="Merchants"
      lead="Who can be paid under a handle. Payments to any other handle are refused."
      actions={
        <>
          <Button onClick={open}>Register merchant</Button>
          <ObjectTools path={path} json={merchants.data?.pages[0] ?? null} />
        </>
      }
    >
      {registering && <RegisterMerchant onClose={close} />}
      <search className={classes['filters']} aria-label="Merchants">
        <UrlSearchInput placeholder="Name or handle" value={search} change={(text) => change({ search: text })} />
      </search>
      <Card aria-busy={merchants.isPlaceholderData}>
        <Listing
          query={merchants}
          label="Merchants"
          failure="The merchants could not be loaded."
          skeletonRows={12}
          columns={COLUMNS}
          rowKey={({ handle }) => handle}
          empty={
            <Empty title="There is no such merchant" icon={IconBuildingStore}>
              Register one, and users can pay it.
            </Empty>
          }
        />
      </Card>
    </ConsolePage>
  );
}
