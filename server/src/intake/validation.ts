import { KINDS, type KindName, READABLE } from '@millrace/contract';
import { readableText } from '@millrace/contract/text';
import { Compile, type Validator } from 'typebox/compile';
import { fieldFaults } from '../core/faults.ts';
import type { JsonObject } from '../core/json.ts';
import { problem, type Result } from '../core/result.ts';

// PostgreSQL's text cannot hold U+0000, and a lone surrogate is no text in any encoding.
const SUSPECT = /\\u(0000|d[89a-f])/i;

/** By kind, the parameters that are text for people. */
const readableFields = new Map<string, readonly string[]>(
  Object.entries(KINDS).map(([kind, { params }]) => [
    kind,
    Object.entries(params.properties).flatMap(([name, schema]) => (READABLE in schema ? [name] : [])),
  ]),
);

const validators = new Map<string, Validator>(
  Object.entries(KINDS).map(([kind, { params }]) => [kind, Compile(params)]),
);

/** The parameters of a kind as its schema admits them, or every field at fault. `json`: as they came. */
export function validateParams(kind: KindName, params: unknown): Result<{ params: JsonObject; json: string }> {
  const validator = validators.get(kind);
  if (!validator) {
    return problem('invalid_request', 'There is no such kind of order.', {
      errors: [{ pointer: '/kind', detail: 'unknown kind' }],
    });
  }
  if (!validator.Check(params)) {
    return problem('invalid_request', 'The order’s fields are not valid.', {
      errors: fieldFaults(validator.Errors(params)),
    });
  }
  const json = JSON.stringify(params);
  if (SUSPECT.test(json) && !isStorable(params)) {
    return problem('invalid_request', 'A text holds U+0000 or half of a surrogate pair.', {
      errors: [{ pointer: '', detail: 'not storable as text' }],
    });
  }
  const read = withReadableTexts(params as JsonObject, readableFields.get(kind) as readonly string[]);
  return read.ok ? { ok: true, value: { params: read.value, json } } : read;
}

/** The parameters with what others will see of each text. Kinds without texts, which investments are, cost nothing. */
function withReadableTexts(params: JsonObject, fields: readonly string[]): Result<JsonObject> {
  if (fields.length === 0) return { ok: true, value: params };
  const texts = fields.filter((name) => name in params).map((name) => [name, readableText(params[name] as string)]);
  const errors = texts.flatMap(([name, text]) =>
    text === undefined ? [{ pointer: `/${name}`, detail: 'must hold something that can be seen' }] : [],
  );
  if (errors.length > 0) return problem('invalid_request', 'The order’s fields are not valid.', { errors });
  return { ok: true, value: { ...params, ...(Object.fromEntries(texts) as JsonObject) } };
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}
