import type { WireOverview } from '@millrace/contract';
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatCount } from '../../../money/index.ts';
import { clockOf, OUTCOMES } from './outcomes.ts';
import classes from './overview.module.css';

/** The outcomes of each minute on top of each other. */
export function OutcomesChart({ minutes }: { minutes: WireOverview['orders']['last_hour'] }) {
  const text = { fill: 'var(--mantine-color-dimmed)', fontSize: 12 };
  const data = minutes.map((minute) => ({ ...minute, minute: clockOf(minute.minute) }));
  const shown = OUTCOMES.filter(({ status }) => status === 'completed' || minutes.some((minute) => minute[status] > 0));
  return (
    <div className={classes['chart']}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={data} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--mr-line)" />
          <XAxis dataKey="minute" tick={text} tickLine={false} axisLine={false} minTickGap={40} />
          <YAxis
            tick={text}
            tickLine={false}
            axisLine={false}
            width={44}
            allowDecimals={false}
            tickFormatter={(value: number) => formatCount(value)}
          />
          <Tooltip
            cursor={{ fill: 'var(--mr-calm-surface)' }}
            contentStyle={{ background: 'var(--mr-surface)', border: '1px solid var(--mr-line)', borderRadius: 8 }}
          />
          <Legend iconType="square" wrapperStyle={{ fontSize: 12 }} />
          {shown.map(({ status, label, color }) => (
            // It changes every second: nothing may grow from the ground each time.
            <Bar key={status} dataKey={status} name={label} stackId="one" fill={color} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
