import Type from 'typebox';
import { Time } from './common.ts';

const strict = { additionalProperties: false } as const;

const Count = Type.Integer({ minimum: 0 });

/** What ought to be done by now and is not. */
export const Overdue = Type.Object(
  {
    count: Type.Integer({ minimum: 0, description: 'How much is overdue: the sum of those that nothing explains.' }),
    explained: Type.Integer({
      minimum: 0,
      description: 'How much waits for a reason that is known, and is not counted.',
    }),
    checks: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          count: Type.Integer({ minimum: 0, maximum: 10_000, description: 'Counted up to 10,000.' }),
          explained: Type.Union([Type.String(), Type.Null()], {
            description:
              'Why it waits: no server is at work, the clock is not believed, or a stop is being made up for. null: it is overdue.',
          }),
          rows: Type.Array(
            Type.Object(
              {
                subject: Type.String({ description: 'What is overdue: a public id where there is one.' }),
                since: Type.String({ format: 'date-time', description: 'When it should have been done.' }),
                detail: Type.String(),
              },
              strict,
            ),
            { maxItems: 20, description: 'The first 20, what has waited longest first.' },
          ),
        },
        strict,
      ),
      { description: 'Everything that is looked for, found or not.' },
    ),
  },
  { ...strict, description: 'What ought to be done by now and is not. It breaks no rule: `ok` says nothing of it.' },
);

const VerificationRow = Type.Object(
  { subject: Type.String({ description: 'The row at fault: a public id where there is one.' }), detail: Type.String() },
  strict,
);

export const VerificationQuery = Type.Object(
  {
    full: Type.Optional(
      Type.Boolean({ description: 'Read everything, also what an earlier run has proven. Default false.' }),
    ),
  },
  strict,
);

/** What `millrace verify` says, too. */
export const Verification = Type.Object(
  {
    at: Time,
    ok: Type.Boolean({ description: 'Whether every check holds. What is overdue does not count.' }),
    mode: Type.Enum(['full', 'incremental'], {
      description: 'full: everything was read. incremental: what was proven before was not read again.',
    }),
    builds_on: Type.Union(
      [
        Type.Object(
          {
            at: Type.String({ format: 'date-time', description: 'Up to when everything was proven before.' }),
            full_at: Type.String({ format: 'date-time', description: 'The full run on which that builds.' }),
          },
          strict,
        ),
        Type.Null(),
      ],
      {
        description:
          'What an incremental run builds on; rows of that part that were changed since are found by a full run.',
      },
    ),
    checks: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          ok: Type.Boolean(),
          rows: Type.Array(VerificationRow, { maxItems: 20, description: 'The first 20 that break the rule.' }),
          violations: Type.Integer({ minimum: 0, description: 'How many rows break the rule.' }),
          examined: Type.Union([Count, Type.Null()], { description: 'Rows looked at; null: the check does not say.' }),
        },
        strict,
      ),
    ),
    overdue: Overdue,
    took_ms: Count,
  },
  strict,
);
