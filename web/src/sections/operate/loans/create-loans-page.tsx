import { Card, Tabs } from '@mantine/core';
import { IconFileStack, IconFileText } from '@tabler/icons-react';
import { Loaded, TextSkeleton } from '../../../design/index.ts';
import { useInstallation } from '../../../live/index.ts';
import { useUrlState, wordIn } from '../../../navigation/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { BatchForm } from './batch-form.tsx';
import { SingleForm } from './single-form.tsx';

const WAYS = ['one', 'many'] as const;

/** Opens loans: one by a form, or many from a list. */
export function CreateLoansPage() {
  const [{ way = 'one' }, change] = useUrlState((raw) => ({ way: wordIn(raw, 'way', WAYS) }));
  const installation = useInstallation();
  return (
    <ConsolePage title="Create loans" lead="A loan is open for funding, and on everybody’s marketplace, at once.">
      <Card>
        <Loaded query={installation} title="The currency could not be loaded." skeleton={<TextSkeleton lines={8} />}>
          {({ currency, loan_limits: limits }) => (
            <Tabs value={way} onChange={(next) => change({ way: next === 'one' ? undefined : (next ?? undefined) })}>
              <Tabs.List mb="lg">
                <Tabs.Tab value="one" leftSection={<IconFileText size={16} aria-hidden />}>
                  One loan
                </Tabs.Tab>
                <Tabs.Tab value="many" leftSection={<IconFileStack size={16} aria-hidden />}>
                  Many loans
                </Tabs.Tab>
              </Tabs.List>
              {/* Both stay: what was typed in one is still there after a look at the other. */}
              <Tabs.Panel value="one">
                <SingleForm currency={currency} limits={limits} />
              </Tabs.Panel>
              <Tabs.Panel value="many">
                <BatchForm currency={currency} limits={limits} />
              </Tabs.Panel>
            </Tabs>
          )}
        </Loaded>
      </Card>
    </ConsolePage>
  );
}
