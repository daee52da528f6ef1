import { OrderFrameShape, PingFrame, type ServerFrame, SubscribeFrame, UnsubscribeFrame } from '@millrace/contract';
import { parseJson } from '@millrace/contract/strict-json';
import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import { fieldFaults } from '../../core/faults.ts';
import type { Problem } from '../../core/result.ts';
import type { Encoder } from '../../push/index.ts';

const SCHEMAS = {
  subscribe: SubscribeFrame,
  unsubscribe: UnsubscribeFrame,
  order: OrderFrameShape,
  ping: PingFrame,
} as const satisfies Record<string, Type.TSchema>;

type Schemas = typeof SCHEMAS;
export type ClientFrame = { [Op in keyof Schemas]: Type.Static<Schemas[Op]> }[keyof Schemas];

export type ReadFrame = { ok: true; frame: ClientFrame } | { ok: false; ref: string | undefined; problem: Problem };

const CHECKS = new Map(Object.entries(SCHEMAS).map(([op, schema]) => [op, Compile(schema as Type.TSchema)]));

const REF_LENGTH_MAX = 64;

/** Reads a client's frame, as strictly as the HTTP edge reads a body. */
export function readFrame(text: string): ReadFrame {
  const parsed = parseJson(text);
  if (!parsed.ok) return { ok: false, ref: undefined, problem: { code: 'invalid_json', detail: parsed.detail } };
  const { value } = parsed;
  const { op, ref } = (typeof value === 'object' && value !== null ? value : {}) as { op?: unknown; ref?: unknown };
  const refText = typeof ref === 'string' && ref !== '' && ref.length <= REF_LENGTH_MAX ? ref : undefined;
  const check = typeof op === 'string' ? CHECKS.get(op) : undefined;
  if (!check) {
    const detail = `A frame is an object with an \`op\` of ${[...CHECKS.keys()].join(', ')}.`;
    return { ok: false, ref: refText, problem: { code: 'invalid_request', detail } };
  }
  if (check.Check(value)) return { ok: true, frame: value as ClientFrame };
  const errors = fieldFaults(check.Errors(value));
  return { ok: false, ref: refText, problem: { code: 'invalid_request', detail: 'The frame is not valid.', errors } };
}

export function writeFrame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}

/** An `event` frame, from the event's own JSON. */
export const encodeEventFrame: Encoder = ({ channel, cursor }, json) =>
  Buffer.from(`{"op":"event","channel":${JSON.stringify(channel)},"cursor":"${cursor}","event":${json}}`);
