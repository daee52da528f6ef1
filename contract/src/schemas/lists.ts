import Type from 'typebox';
import { Cursor, Limit } from './common.ts';

/** The query of a list without filters. */
export const ListPlain = Type.Object(
  { limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) },
  { additionalProperties: false },
);
