import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { WireAccount } from '@millrace/contract';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Failure } from '../../design/index.ts';
import { formatCount } from '../../money/index.ts';
import { client } from '../../session/index.ts';
import { CSV_LINES_MAX, type Collected, collectCsv, fileNameOf } from './csv.ts';
import { type LinesQuery, periodIn } from './queries.ts';

/** The longest page that the server gives. */
const PAGE = 200;
/** A browser needs the address for a moment after the click. */
const ADDRESS_MS = 10_000;

type Work =
  | { name: 'collecting'; lines: number }
  | { name: 'done'; lines: number; isCut: boolean }
  | { name: 'failed'; error: unknown };

/** All lines of the filter as a file, page by page; can be stopped. */
export function StatementExport({ account, query }: { account: WireAccount; query: LinesQuery }) {
  const [work, setWork] = useState<Work | null>(null);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const close = (): void => {
    running.current?.abort();
    setWork(null);
  };
  const start = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setWork({ name: 'collecting', lines: 0 });
    try {
      const { signal } = controller;
      const lines = client.accounts.allTransfers(account.id, { ...query, limit: PAGE }, { signal });
      const balances = await client.accounts.balances(account.id, periodIn(query), { signal });
      const isWhole = query.reason === undefined && query.direction === undefined;
      const tell = (count: number): void => setWork({ name: 'collecting', lines: count });
      const collected = await collectCsv(lines, { asset: account.asset, balances, isWhole, tell });
      if (signal.aborted) return;
      save(collected, fileNameOf(account.asset, new Date().toISOString().slice(0, 10)));
      setWork({ name: 'done', lines: collected.lines, isCut: collected.isCut });
    } catch (error) {
      if (!controller.signal.aborted) setWork({ name: 'failed', error });
    }
  };
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => void start()}
      >
        Download CSV
      </Button>
      <Modal
        opened={work !== null}
        onClose={close}
        title="Statement as CSV"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {work && (
          <Stack>
            <WorkShown work={work} />
            <Group justify="flex-end">
              {work.name === 'failed' && (
                <Button variant="default" onClick={() => void start()}>
                  Try again
                </Button>
              )}
              <Button variant={work.name === 'collecting' ? 'default' : 'filled'} onClick={close} data-autofocus>
                {work.name === 'collecting' ? 'Cancel' : 'Close'}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}

function WorkShown({ work }: { work: Work }) {
  if (work.name === 'failed') return <Failure error={work.error} title="The file was not made." />;
  const count = `${formatCount(work.lines)} ${work.lines === 1 ? 'line' : 'lines'}`;
  if (work.name === 'collecting') {
    return (
      <Text role="status">{`Collecting … ${count} so far. A file holds at most ${formatCount(CSV_LINES_MAX)}.`}</Text>
    );
  }
  return (
    <Text role="status">
      {work.isCut
        ? `The file has the newest ${count}, and there are more: a file holds no more. Choose a shorter period for the rest.`
        : `The file has been saved, with ${count}.`}
    </Text>
  );
}

function save({ parts }: Collected, name: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_MS);
}
