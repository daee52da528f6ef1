import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '../design/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { theme, variables } from '../design/theme.ts';
import { createCache, type Live, LiveProvider } from '../live/index.ts';
import { NoticeProvider } from '../notices/index.ts';
import { knowKindIcons } from '../orders/index.ts';
import { sections } from '../sections/index.ts';
import { expiry, leave, onSessionChangeElsewhere, sessionChange, sessionQuery } from '../session/index.ts';
import { knowPages, knowThings } from '../things/index.ts';
import { noticeOf, wireLive } from './live-wiring.ts';
import { createPageRouter } from './router.tsx';
import { keepEscapeFrom } from './session-dialogs.tsx';

knowThings(sections.flatMap(({ things = [] }) => things));
knowPages(sections.flatMap(({ pages }) => pages));
for (const { kindIcons = {} } of sections) knowKindIcons(kindIcons);
const cache = createCache();
const router = createPageRouter(cache);
const live = wireLive(cache);
// Before any dialog listens: the one that asks for the password covers all others, and they stay.
keepEscapeFrom(() => expiry.waiting || sessionChange.happened);

/** The live connection lasts as long as a user is logged in. */
function LiveSession({ connection }: { connection: Live }) {
  const userId = useQuery(sessionQuery).data?.id;
  useEffect(() => {
    if (userId === undefined) return undefined;
    connection.start();
    return () => connection.stop();
  }, [connection, userId]);
  useEffect(() => onSessionChangeElsewhere({ left: leave, loggedIn: () => expiry.settle(true) }), []);
  return null;
}

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <LiveProvider value={live}>
          <NoticeProvider value={noticeOf}>
            <Notifications position="bottom-right" limit={4} />
            <LiveSession connection={live} />
            <RouterProvider router={router} />
          </NoticeProvider>
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
