import { Button, Card, Group, List, Text, Title } from '@mantine/core';
import type { WireVerification } from '@millrace/contract';
import { IconAlertTriangle, IconCheck, IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Code,
  type Column,
  Count,
  DataTable,
  DateTime,
  Empty,
  Failure,
  Loaded,
  ObjectTools,
  TableSkeleton,
  Tag,
} from '../../../design/index.ts';
import { formatCount } from '../../../money/index.ts';
import { Link } from '../../../navigation/index.ts';
import { client } from '../../../session/index.ts';
import classes from '../operate.module.css';
import { OverdueReport } from '../overdue/overdue-list.tsx';
import { verificationQuery } from '../queries.ts';
import { pageOf } from '../words.ts';
import { meaningOf } from './checks.ts';

type Check = WireVerification['checks'][number];

/** Proves the books, or names the rows that break a rule. */
export function Verification() {
  const cache = useQueryClient();
  const latest = useQuery(verificationQuery);
  const run = useMutation({
    mutationFn: (full: boolean) => client.verifications.run({ full }),
    onSuccess: (report) => cache.setQueryData(verificationQuery.queryKey, report),
  });
  const report = latest.data;
  return (
    <Card component="section" aria-labelledby="verification">
      <Group justify="space-between" align="flex-start" mb="sm">
        <div style={{ minWidth: 0, flex: '1 1 16rem' }}>
          <Group gap="sm">
            <Title order={2} id="verification">
              Verification
            </Title>
            <div role="status">{report && !run.isPending && <Verdict report={report} />}</div>
          </Group>
          <Text size="sm" c="dimmed">
            {report ? (
              <>
                {report.checks.length} checks in {formatCount(report.took_ms / 1000)} s on{' '}
                <DateTime value={report.at} />. <Basis report={report} />
              </>
            ) : (
              'Adds up every transfer, hold, loan and list again, beside the working server.'
            )}
          </Text>
        </div>
        <Group gap="xs">
          {report && <ObjectTools path="/v1/verifications/latest" json={report} />}
          <Button
            size="xs"
            variant="default"
            loading={run.isPending && run.variables}
            disabled={run.isPending}
            onClick={() => run.mutate(true)}
          >
            Read everything again
          </Button>
          <Button
            size="xs"
            leftSection={<IconShieldCheck size={16} aria-hidden />}
            loading={run.isPending && !run.variables}
            disabled={run.isPending}
            onClick={() => run.mutate(false)}
          >
            Verify the books
          </Button>
        </Group>
      </Group>
      {run.isError && <Failure error={run.error} title="The books were not verified." />}
      <Loaded query={latest} title="The latest verification could not be loaded." skeleton={<TableSkeleton rows={3} />}>
        {(found) =>
          found ? (
            <>
              <Late report={found} />
              <DataTable label="Checks" columns={COLUMNS} rows={worstFirst(found.checks)} rowKey={({ name }) => name} />
            </>
          ) : (
            <Empty title="Not verified since the server was started" icon={IconShieldCheck}>
              What was proven before is not read again. Reading everything takes minutes where there are millions of
              orders. Orders go on meanwhile.
            </Empty>
          )
        }
      </Loaded>
    </Card>
  );
}

/** What is not wrong, and not done either. */
function Late({ report: { overdue } }: { report: WireVerification }) {
  return (
    <section aria-labelledby="verified-overdue" style={{ marginBottom: 16 }}>
      <OverdueReport overdue={overdue} id="verified-overdue" order={3} />
    </section>
  );
}

/** What the run has read, and what it took from earlier ones. */
function Basis({ report: { builds_on } }: { report: WireVerification }) {
  if (builds_on === null) return 'Everything was read.';
  return (
    <>
      What was proven up to <DateTime value={builds_on.at} /> was not read again; everything was read on{' '}
      <DateTime value={builds_on.full_at} />.
    </>
  );
}

function worstFirst(checks: readonly Check[]): Check[] {
  return checks.toSorted((one, other) => Number(one.ok) - Number(other.ok));
}

function Verdict({ report: { ok, checks } }: { report: WireVerification }) {
  const broken = checks.filter((check) => !check.ok).length;
  return ok ? (
    <Tag tone="good" icon={IconCheck} label="Everything is right" />
  ) : (
    <Tag tone="bad" icon={IconAlertTriangle} label={broken === 1 ? 'A check failed' : `${broken} checks failed`} />
  );
}

const COLUMNS: readonly Column<Check>[] = [
  {
    id: 'check',
    header: 'Check',
    title: true,
    cell: ({ name, rows }) => (
      <>
        {meaningOf(name)}
        <Text size="xs" c="dimmed">
          <Code>{name}</Code>
        </Text>
        {rows.length > 0 && <Violations rows={rows} />}
      </>
    ),
  },
  {
    id: 'examined',
    header: 'Examined',
    align: 'right',
    cell: ({ examined }) => (examined === null ? '–' : <Count value={examined} />),
  },
  {
    id: 'violations',
    header: 'Violations',
    align: 'right',
    cell: ({ violations }) => <Count value={violations} />,
  },
  {
    id: 'result',
    header: 'Result',
    align: 'right',
    cell: ({ ok }) =>
      ok ? (
        <Tag tone="good" icon={IconCheck} label="Right" />
      ) : (
        <Tag tone="bad" icon={IconAlertTriangle} label="Wrong" />
      ),
  },
];

function Violations({ rows }: Pick<Check, 'rows'>) {
  return (
    <List size="sm" mt={4}>
      {rows.map(({ subject, detail }) => {
        const to = pageOf(subject);
        return (
          <List.Item key={`${subject} ${detail}`} className={classes['wrap'] ?? ''}>
            {to === undefined ? (
              <Code>{subject}</Code>
            ) : (
              <Link to={to} inherit underline="always">
                {subject}
              </Link>
            )}
            : {detail}
          </List.Item>
        );
      })}
    </List>
  );
}
