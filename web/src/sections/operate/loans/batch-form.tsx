import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Code, Failure, Progress, Tag } from '../../../design/index.ts';
import { formatCount } from '../../../money/index.ts';
import { type BatchRow, checkRow, errorsOf, readyRows } from './batch.ts';
import { BatchTable } from './batch-table.tsx';
import { FILE_BYTES_MAX, readBatch, ROWS_MAX } from './batch-text.ts';
import { useBorrowers } from './borrower-select.tsx';
import { LeaveQuestion } from './leave-question.tsx';
import type { FormOptions } from './use-loan-form.ts';
import { type BatchRun, useBatchRun } from './use-batch-run.ts';

const EXAMPLE = `borrower,purpose,amount,apr,term_months,grade,funding_deadline
anna@example.com,Solar roof,12500.00,0.0725,36,B,2027-01-31`;

const NO_ROWS: readonly BatchRow[] = [];

/** Opens up to a thousand loans from a list that is pasted or uploaded. */
export function BatchForm({ currency, limits }: FormOptions) {
  const { asset } = currency;
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string>();
  const [rows, setRowsOnly] = useState<readonly BatchRow[]>(NO_ROWS);
  const run = useBatchRun();
  const setRows = (next: readonly BatchRow[]): void => {
    run.reset();
    setRowsOnly(next);
  };
  const check = (content: string): void => {
    const read = readBatch(content);
    // A list means the same loans wherever it is read: the wire's rates, and times of UTC.
    const options = { currency, limits, now: Date.now(), rates: 'fraction', zone: 'UTC' } as const;
    setFault(read.ok ? undefined : read.reason);
    setRows(read.ok ? read.rows.map((row) => checkRow(row, options)) : NO_ROWS);
  };
  const upload = async (file: File | null): Promise<void> => {
    if (file === null) return;
    if (file.size > FILE_BYTES_MAX) {
      setRows(NO_ROWS);
      return setFault(`${file.name} is longer than ${FILE_BYTES_MAX / 1024 / 1024} MiB.`);
    }
    const content = await file.text();
    setText(content);
    check(content);
  };
  return (
    <Stack>
      <Textarea
        label="Loans"
        description={
          <>
            CSV with the header below, or one JSON object a line; up to {formatCount(ROWS_MAX)} loans in {asset}. A
            borrower is an e-mail address or an id, <Code>apr</Code> is <Code>7.25%</Code> or <Code>0.0725</Code>, and a
            time without a zone is one of UTC.
          </>
        }
        placeholder={EXAMPLE}
        autosize
        minRows={6}
        maxRows={16}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
        value={text}
        readOnly={run.isRunning}
        error={fault}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFault(undefined);
          setRows(NO_ROWS);
        }}
      />
      <Group>
        <Button variant={rows.length > 0 ? 'default' : 'filled'} disabled={run.isRunning} onClick={() => check(text)}>
          Check the rows
        </Button>
        <FileButton onChange={(file) => void upload(file)} accept=".csv,.ndjson,.jsonl,.txt,text/csv">
          {(props) => (
            <Button
              {...props}
              variant="default"
              disabled={run.isRunning}
              leftSection={<IconUpload size={16} aria-hidden />}
            >
              Upload a file
            </Button>
          )}
        </FileButton>
      </Group>
      {rows.length > 0 && <Checked rows={rows} asset={asset} run={run} />}
      <LeaveQuestion isRunning={run.isRunning} />
    </Stack>
  );
}

/** The rows with what is wrong with them, and what has become of them. */
function Checked({ rows, asset, run }: { rows: readonly BatchRow[]; asset: string; run: BatchRun }) {
  const { borrowers, isBusy, error, retry } = useBorrowers(rows);
  const ready = useMemo(() => readyRows(rows, borrowers), [rows, borrowers]);
  const wrong = rows.filter((row) => errorsOf(row, borrowers).length > 0).length;
  const states = ready.map(({ key }) => run.outcomes.get(key)?.state);
  const count = (...wanted: string[]): number => states.filter((state) => wanted.includes(state ?? '')).length;
  const [opened, refused, unsure] = [count('created', 'existed'), count('refused'), count('unsure')];
  const decided = opened + refused + unsure;
  const rest = ready.length - opened;
  const isStarted = states.some((state) => state !== undefined);
  const words = `${formatCount(opened)} of ${formatCount(ready.length)} loans are open`;
  return (
    <Stack>
      {error !== null && <Failure error={error} title="The borrowers could not be looked up." retry={retry} />}
      <Group gap="xs" role="status">
        <Tag tone="calm" label={`${formatCount(rows.length)} rows`} />
        {isBusy && <Tag tone="wait" label="Borrowers are looked up …" />}
        {wrong > 0 && <Tag tone="bad" label={`${formatCount(wrong)} with errors, left out`} />}
        {!isStarted && !isBusy && <Tag tone="good" label={`${formatCount(ready.length)} ready`} />}
        {isStarted && <Tag tone="good" label={words} />}
        {refused > 0 && <Tag tone="bad" label={`${formatCount(refused)} refused`} />}
        {unsure > 0 && <Tag tone="wait" label={`${formatCount(unsure)} not confirmed`} />}
      </Group>
      {isStarted && (
        <Progress value={ready.length === 0 ? 0 : decided / ready.length} label="Opening the loans" text={words} />
      )}
      {rest > 0 && (
        <Group>
          <Button loading={run.isRunning} disabled={isBusy} onClick={() => run.start(ready)}>
            {isStarted ? `Try the other ${formatCount(rest)} again` : openWords(ready.length)}
          </Button>
          <Text size="sm" c="dimmed">
            Sent again, from here or from the same list another day, a loan is never opened twice.
          </Text>
        </Group>
      )}
      <BatchTable rows={rows} borrowers={borrowers} ready={ready} outcomes={run.outcomes} asset={asset} />
    </Stack>
  );
}

function openWords(count: number): string {
  return count === 1 ? 'Open 1 loan' : `Open ${formatCount(count)} loans`;
}
