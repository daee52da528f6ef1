import { Stack } from '@mantine/core';
import { Page, type PageProps } from '../../design/index.ts';
import { ConsoleSearch } from './search/console-search.tsx';

/** A page of the console: its search stands above everything. */
export function ConsolePage(props: PageProps) {
  return (
    <Stack gap="lg">
      <ConsoleSearch />
      <Page {...props} />
    </Stack>
  );
}
