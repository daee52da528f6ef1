import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { drawnAmount, formatCompact } from '../../money/index.ts';
import { CHART_HEIGHT } from './chart-size.ts';
import type { ExpectedPeriod } from './expected.ts';

const TEXT = { fill: 'var(--mantine-color-dimmed)', fontSize: 12 };

/** In the colour of text: that of a bar is too faint for letters. */
function legendEntry(name: string) {
  return <span style={{ color: 'var(--mantine-color-text)' }}>{name}</span>;
}

/** Bars of what is expected. The table beside it says the same to those who do not see it. */
export function ExpectedChart({ periods, asset }: { periods: readonly ExpectedPeriod[]; asset: string }) {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return (
    <div aria-hidden style={{ minWidth: 0, overflow: 'hidden' }}>
      <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
        <BarChart data={[...periods]} accessibilityLayer={false} margin={{ top: 8, right: 0, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--mr-line)" />
          <XAxis dataKey="label" tick={TEXT} tickLine={false} stroke="var(--mr-line)" minTickGap={24} />
          <YAxis
            tick={TEXT}
            tickLine={false}
            axisLine={false}
            width={56}
            tickFormatter={(value: number) => formatCompact(String(value), asset)}
          />
          <Tooltip
            cursor={{ fill: 'var(--mr-calm-surface)' }}
            contentStyle={{ background: 'var(--mr-surface)', borderColor: 'var(--mr-line)', borderRadius: 8 }}
            itemStyle={{ color: 'var(--mantine-color-text)' }}
            labelStyle={{ fontWeight: 600 }}
            formatter={(_value, _name, item) => drawnAmount(item, asset)}
          />
          <Legend iconType="square" itemSorter={null} wrapperStyle={{ fontSize: 13 }} formatter={legendEntry} />
          <Bar
            dataKey="drawn.principal"
            name="Principal"
            stackId="expected"
            fill="var(--mr-accent)"
            isAnimationActive={!isStill}
          />
          <Bar
            dataKey="drawn.interest"
            name="Interest after fees"
            stackId="expected"
            fill="var(--mr-wait)"
            isAnimationActive={!isStill}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
