import type { Summary } from './summary.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const DRAW_EVERY_MS = 100;
/** Where nobody watches (a log file), one line in this time. */
const NOTE_EVERY_MS = 10_000;
const BAR_WIDTH = 24;

export interface ProgressBar {
  /** `fraction` of the input that was read, 0 to 1; undefined where the input's size is not known. */
  update(summary: Summary, fraction: number | undefined): void;
  waiting(reason: string): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/**
 * Our own and not the one of @clack/prompts, which takes the keyboard away from input that comes through a pipe, and ends
 * the process with 0 on Ctrl-C.
 */
export function createProgressBar(
  stream: { isTTY?: boolean; columns?: number; write(text: string): unknown },
  now: () => number = Date.now,
): ProgressBar {
  const terminal = stream.isTTY === true;
  const began = now();
  let drawnAt = terminal ? 0 : began;
  let linesAtStart: number | undefined;
  let reason: string | undefined;

  const draw = (text: string): void => {
    if (!terminal) return void stream.write(`${text}\n`);
    stream.write(`\r${text.slice(0, (stream.columns || 80) - 1)}\u001b[K`);
  };

  return {
    update(summary, fraction) {
      linesAtStart ??= summary.lines;
      if (now() - drawnAt < (terminal ? DRAW_EVERY_MS : NOTE_EVERY_MS)) return;
      drawnAt = now();
      const seconds = Math.max(0.001, (drawnAt - began) / 1000);
      const rate = Math.round((summary.lines - linesAtStart) / seconds);
      draw(`${barOf(fraction)}${countsOf(summary)} · ${rate}/s${reason === undefined ? '' : ` · waiting: ${reason}`}`);
      reason = undefined;
    },
    waiting(why) {
      reason = why;
    },
    end() {
      if (terminal) stream.write('\r\u001b[K');
    },
  };
}

function barOf(fraction: number | undefined): string {
  if (fraction === undefined) return '';
  const filled = Math.round(Math.min(1, fraction) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.floor(Math.min(1, fraction) * 100)).padStart(3)} % · `;
}

function countsOf({ lines, not_accepted }: Summary): string {
  return `${lines} orders${not_accepted > 0 ? `, ${not_accepted} not accepted` : ''}`;
}
