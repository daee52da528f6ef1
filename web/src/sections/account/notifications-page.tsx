import { Button, Card, Center } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Empty, Loaded, Page, TextSkeleton } from '../../design/index.ts';
import { markSeen, NoticeList, newestTime, useNotices, useNotifications } from '../../notices/index.ts';
import { useUser } from '../../session/index.ts';

export function NotificationsPage() {
  const user = useUser();
  const { events, query } = useNotifications();
  const items = useNotices(events);
  const newest = newestTime(events);
  useEffect(() => {
    if (newest !== undefined) markSeen(user.id, newest);
  }, [user.id, newest]);
  return (
    <Page title="Notifications" lead="What has happened to your orders and your money, newest first.">
      <Loaded query={query} title="Your notifications could not be loaded." skeleton={<TextSkeleton lines={8} />}>
        {() => (
          <Card>
            {items.length === 0 ? (
              <Empty title="Nothing has happened yet" icon={IconBell}>
                Place an order, and everything that becomes of it is listed here.
              </Empty>
            ) : (
              <NoticeList items={items} />
            )}
            {query.hasNextPage && (
              <Center mt="md">
                <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Load more
                </Button>
              </Center>
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
