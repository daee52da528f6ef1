import { useReducedMotion } from '@mantine/hooks';
import type { LoanInstallmentView } from '@millrace/contract';
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { drawnAmount, formatCompact, formatMonth, toDrawing } from '../../money/index.ts';
import classes from './lending.module.css';

export interface ScheduleChartProps {
  schedule: readonly LoanInstallmentView[];
  asset: string;
}

/** Principal and interest of each instalment, on top of each other. */
export function ScheduleChart({ schedule, asset }: ScheduleChartProps) {
  const isCalm = useReducedMotion();
  const data = schedule.map(({ due_date, principal, interest }) => ({
    month: formatMonth(due_date),
    principal,
    interest,
    drawn: { principal: toDrawing(principal), interest: toDrawing(interest) },
  }));
  const text = { fill: 'var(--mantine-color-dimmed)', fontSize: 12 };
  return (
    <div className={classes['chart']}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={data} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--mr-line)" />
          <XAxis dataKey="month" tick={text} tickLine={false} axisLine={false} minTickGap={32} />
          <YAxis
            tick={text}
            tickLine={false}
            axisLine={false}
            width={52}
            tickFormatter={(value: number) => formatCompact(String(value), asset)}
          />
          <Tooltip
            cursor={{ fill: 'var(--mr-calm-surface)' }}
            contentStyle={{ background: 'var(--mr-surface)', border: '1px solid var(--mr-line)', borderRadius: 8 }}
            formatter={(_value, _name, item) => drawnAmount(item, asset)}
          />
          <Legend iconType="square" wrapperStyle={{ fontSize: 12 }} />
          <Bar
            dataKey="drawn.principal"
            name="Principal"
            stackId="one"
            fill="var(--mr-accent)"
            isAnimationActive={!isCalm}
          />
          <Bar
            dataKey="drawn.interest"
            name="Interest"
            stackId="one"
            fill="var(--mr-wait)"
            isAnimationActive={!isCalm}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
