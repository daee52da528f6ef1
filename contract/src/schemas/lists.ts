import Type from 'typebox';
import { Cursor, Limit } from './common.ts';

/** The query of a list without filters. */
export const ListPlain = Type.Object(
  { limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) },
  { additionalProperties: false },
);

/** What is typed to find something: matched as it is, without wildcards. Control characters match nothing. */
export const SearchText = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description:
    'A part of what is searched for; letter case, accents and width do not matter, and no character is a wildcard.',
});
