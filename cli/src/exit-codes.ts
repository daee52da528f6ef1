/**
 * What the process says when it ends. Scripts rely on these: a code keeps its meaning for good.
 * `docs/reference/cli.md` has the same table; a test keeps the two equal.
 */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'It worked.' },
  failed: { code: 1, meaning: 'Something failed. The last line on stderr says what.' },
  usage: { code: 2, meaning: 'The command line or a setting is wrong. Nothing was done.' },
  unreachable: { code: 3, meaning: 'The server or the database cannot be reached, or is not ready.' },
  not_allowed: { code: 4, meaning: 'The token, its role, or a safeguard does not allow it.' },
  violations: { code: 5, meaning: '`verify` found rows that break an invariant.' },
  orders_refused: { code: 6, meaning: 'Every line was handled, but some orders were malformed, refused or rejected.' },
  overdue: { code: 7, meaning: '`verify` found every rule kept, but something overdue that nothing explains.' },
  interrupted: { code: 130, meaning: 'Stopped by Ctrl-C before the end. `orders submit` goes on where it stopped.' },
} as const satisfies Record<string, { code: number; meaning: string }>;

export type ExitName = keyof typeof EXIT_CODES;
