import Type from 'typebox';
import { type ErrorCode, ERRORS } from '../errors.ts';

const strict = { additionalProperties: false } as const;

/** RFC 9457 problem details, with a code of the error registry. The body of every answer that is an error. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Where the code is explained: `/docs/errors/<code>`.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What is wrong with this request.' }),
    code: Type.Enum(Object.keys(ERRORS) as ErrorCode[]),
    request_id: Type.String({ description: 'Also in `X-Request-Id`. Name it when you ask for help.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({
              description: 'JSON pointer (RFC 6901) into the body, or `/name` of a query parameter.',
            }),
            detail: Type.String(),
          },
          strict,
        ),
        { description: 'Each field at fault.' },
      ),
    ),
  },
  { ...strict, description: 'An error (RFC 9457).' },
);

export type ProblemBody = Type.Static<typeof Problem>;
