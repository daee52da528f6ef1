import type Type from 'typebox';
import { DESKS } from './desks/index.ts';
import { merged } from './desks/merged.ts';
import { Account, Transfer } from './schemas/accounts.ts';
import {
  ApiKey,
  ApiKeyCreated,
  CreateApiKeyBody,
  LoginBody,
  RegistrationBody,
  SessionAnswer,
  Ticket,
  User,
} from './schemas/auth.ts';
import { DeadLetter, EventEnvelope } from './schemas/events.ts';
import { OrderExplanation } from './schemas/explanations.ts';
import { LedgerAccount, TrialBalance, TrialBalanceAsset, TrialBalanceLine } from './schemas/ledger.ts';
import { Order } from './schemas/order.ts';
import { ORDER_REQUESTS, OrderBatch, OrderBatchAnswer, OrderRequest, Preview } from './schemas/orders.ts';
import { Problem } from './schemas/problem.ts';
import { SearchResult } from './schemas/search.ts';
import { Health, Readiness } from './schemas/system.ts';
import { UserDetail, UserEntry } from './schemas/users.ts';

/** A part of a JSON document that is being built. */
export type JsonDocumentObject = { [key: string]: unknown };

/** Those that desks name. */
function desksSchemas(): Readonly<Record<string, Type.TSchema>> {
  return merged<Readonly<Record<string, Type.TSchema>>>(
    'schemas',
    DESKS.map(({ name, schemas }) => [name, schemas] as const),
  );
}

const NAMED: Readonly<Record<string, Type.TSchema>> = {
  Account,
  ApiKey,
  ApiKeyCreated,
  CreateApiKey: CreateApiKeyBody,
  DeadLetter,
  Event: EventEnvelope,
  Health,
  LedgerAccount,
  Login: LoginBody,
  Order,
  OrderBatch,
  OrderBatchAnswer,
  OrderExplanation,
  OrderRequest,
  Preview,
  Problem,
  Readiness,
  Registration: RegistrationBody,
  SearchResult,
  Session: SessionAnswer,
  Ticket,
  Transfer,
  TrialBalance,
  TrialBalanceAsset,
  TrialBalanceLine,
  User,
  UserDetail,
  UserEntry,
  ...desksSchemas(),
  ...Object.fromEntries([...ORDER_REQUESTS.values()].map(({ name, schema }) => [name, schema])),
};

const NAMES: ReadonlyMap<unknown, string> = new Map(Object.entries(NAMED).map(([name, schema]) => [schema, name]));

/** A schema as it stands in the document: a reference where it is a named one. */
export function schemaJson(schema: Type.TSchema): unknown {
  return write(schema);
}

/** `components.schemas`: every named schema, written out once. */
export function componentSchemas(): JsonDocumentObject {
  return Object.fromEntries(
    Object.entries(NAMED).map(([name, schema]) => [name, writeObject(schema as JsonDocumentObject)]),
  );
}

function write(value: unknown): unknown {
  const name = NAMES.get(value);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(value)) return value.map(write);
  if (typeof value === 'object' && value !== null) return writeObject(value as JsonDocumentObject);
  return value;
}

function writeObject(schema: JsonDocumentObject): JsonDocumentObject {
  const copy: JsonDocumentObject = {};
  // Generators of clients expect a type beside an enumeration; the builder of the schemas leaves it out.
  if (Array.isArray(schema.enum) && schema.type === undefined) copy.type = 'string';
  // Object.keys leaves out the builder's own marks, which cannot be enumerated.
  for (const key of Object.keys(schema)) copy[key] = write(schema[key]);
  return copy;
}
