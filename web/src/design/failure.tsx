import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { MillraceError } from '@millrace/client';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { Code } from './figures.tsx';

export interface FailureProps {
  error: unknown;
  /** What was being done: "The loans could not be loaded." */
  title?: string;
  retry?: () => void;
}

/** What only the browser sees, in plain words. The server's own errors bring theirs. */
const WORDS: Readonly<Record<string, string>> = {
  connection_failed: 'The server cannot be reached. It may be restarting, or your connection may be down.',
  timed_out: 'The server did not answer in time.',
  unexpected_answer: 'Something between this page and the server answered in its place.',
  internal_error: 'Something broke on the server. It has been logged.',
  overloaded: 'The server has too much to do at the moment. Nothing has happened; try again in a few seconds.',
  not_found: 'It does not exist, or it belongs to someone else.',
  forbidden: 'Your account may not see or do this.',
};

/** An error in a sentence for people. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof MillraceError)) return 'Something in this page broke.';
  return WORDS[error.code] ?? error.message;
}

/** Why something did not work, in plain words, with what can be done and the number to quote. */
export function Failure({ error, title, retry }: FailureProps) {
  const requestId = error instanceof MillraceError ? error.requestId : undefined;
  return (
    <Paper role="alert" withBorder p="lg" style={{ borderColor: 'var(--mr-bad)' }}>
      <Group align="flex-start" wrap="nowrap" gap="sm">
        <IconAlertTriangle size={22} color="var(--mr-bad)" aria-hidden style={{ flex: 'none', marginTop: 2 }} />
        <Stack gap="xs" style={{ minWidth: 0 }}>
          <Text fw={600}>{title ?? 'That did not work.'}</Text>
          <Text>{wordsOf(error)}</Text>
          {requestId !== undefined && (
            <Text size="xs" c="dimmed">
              Request <Code>{requestId}</Code>
            </Text>
          )}
          {retry && (
            <div>
              <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={retry}>
                Try again
              </Button>
            </div>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}
