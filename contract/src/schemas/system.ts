import Type from 'typebox';

const strict = { additionalProperties: false } as const;

export const Health = Type.Object({ status: Type.Literal('ok') }, strict);

export const Readiness = Type.Object(
  {
    ready: Type.Boolean(),
    checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean() }, strict)),
  },
  strict,
);

/** A document of JSON: OpenAPI, AsyncAPI. */
export const JsonDocument = Type.Object({}, { additionalProperties: true });
