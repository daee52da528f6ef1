import { KINDS, type KindName } from '@millrace/contract';
import { Compile, type Validator } from 'typebox/compile';
import { fieldFaults } from '../core/faults.ts';
import type { JsonObject } from '../core/json.ts';
import { problem, type Result } from '../core/result.ts';

// PostgreSQL's text cannot hold U+0000, and a lone surrogate is no text in any encoding.
const SUSPECT = /\\u(0000|d[89a-f])/i;

const validators = new Map<string, Validator>(
  Object.entries(KINDS).map(([kind, { params }]) => [kind, Compile(params)]),
);

/** The parameters of a kind as its schema admits them, or every field at fault. */
export function validateParams(kind: KindName, params: unknown): Result<{ params: JsonObject; json: string }> {
  const validator = validators.get(kind) as Validator;
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
  return { ok: true, value: { params: params as JsonObject, json } };
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}
