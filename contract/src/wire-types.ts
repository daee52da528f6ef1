import type Type from 'typebox';
import type { OrderKindName, ParamsOf } from './desks/index.ts';
import type { Account, ListTransfers, Transfer } from './schemas/accounts.ts';
import type { ListLedgerAccounts } from './schemas/ledger.ts';
import type { ListPlain } from './schemas/lists.ts';
import type { DeadLetter, EventEnvelope, ListEvents } from './schemas/events.ts';
import type { Installation, InstallationTotals, Overview } from './schemas/installation.ts';
import type { Order } from './schemas/order.ts';
import type { ListOrders, OrderBatchAnswer, Preview } from './schemas/orders.ts';
import type { Readiness } from './schemas/system.ts';
import type { ListAudit } from './schemas/audit.ts';
import type { ListUsers } from './schemas/users.ts';
import type { Overdue, Verification } from './schemas/verification.ts';

/** The wire as types, for programs that only call and never validate. */
export type WireOrder = Type.Static<typeof Order>;
export type WirePreview = Type.Static<typeof Preview>;
export type WireBatchResult = Type.Static<typeof OrderBatchAnswer>['results'][number];
export type WireEventEnvelope = Type.Static<typeof EventEnvelope> & { data: Record<string, unknown> };
export type WireAccount = Type.Static<typeof Account>;
export type WireTransfer = Type.Static<typeof Transfer>;
export type WireDeadLetter = Type.Static<typeof DeadLetter>;
export type WireReadiness = Type.Static<typeof Readiness>;
export type WireInstallation = Type.Static<typeof Installation>;
export type WireInstallationTotals = Type.Static<typeof InstallationTotals>;
export type WireOverview = Type.Static<typeof Overview>;
export type WireOverdue = Type.Static<typeof Overdue>;
export type WireVerification = Type.Static<typeof Verification>;

/** Which page of a list without filters. */
export type PageQuery = Type.Static<typeof ListPlain>;
export type AuditQuery = Type.Static<typeof ListAudit>;
export type UsersQuery = Type.Static<typeof ListUsers>;
export type LedgerAccountsQuery = Type.Static<typeof ListLedgerAccounts>;
export type OrdersQuery = Type.Static<typeof ListOrders>;
export type EventsQuery = Type.Static<typeof ListEvents>;
export type TransfersQuery = Type.Static<typeof ListTransfers>;

/** An order as a client sends it: its kind, an id where the client wants to choose it, and the kind's parameters. */
export type WireOrderRequest = { [Kind in OrderKindName]: { kind: Kind; id?: string } & ParamsOf<Kind> }[OrderKindName];

/** One page of a list. `next_cursor` is null on the last page. */
export interface WirePage<Item> {
  data: Item[];
  has_more: boolean;
  next_cursor: string | null;
}
