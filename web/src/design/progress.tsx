import classes from './progress.module.css';

export interface ProgressProps {
  /** From 0 to 1. */
  value: number;
  /** What it is the progress of: "Funding of Solar roof". */
  label: string;
  /** What a screen reader says instead of the percentage: "$250 of $1,000". */
  text?: string;
  /** What is on its way and not decided yet, on top of `value`. */
  pending?: number;
}

export function Progress({ value, label, text, pending = 0 }: ProgressProps) {
  const percent = Math.min(100, Math.max(0, value * 100));
  return (
    <div
      className={classes['track']}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      aria-valuetext={text}
    >
      <div className={classes['bar']} style={{ width: `${percent}%` }} />
      {pending > 0 && (
        <div className={classes['pending']} style={{ width: `${Math.min(100 - percent, pending * 100)}%` }} />
      )}
    </div>
  );
}
