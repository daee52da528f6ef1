import Type from 'typebox';
import { type KindName, KINDS } from '../desks/index.ts';
import { AnyObject, ChosenOrderId, Cursor, Decimal, Limit, OrderId, OrderStatusName, Side, UserId } from './common.ts';
import { EventEnvelope } from './events.ts';
import { Order, ReasonName } from './order.ts';
import { Problem } from './problem.ts';

const strict = { additionalProperties: false } as const;

/** Orders in one batch. 1,000 is what the pipeline commits in one transaction at most. */
export const BATCH_ORDERS_MAX = 1000;

/** The kinds that `POST /v1/orders` takes, in the registry's order. */
export const ORDER_KINDS = (Object.keys(KINDS) as KindName[]).filter((kind) => KINDS[kind].visible);

function requestOf(kind: KindName): Type.TObject {
  const properties = {
    kind: Type.Literal(kind),
    id: Type.Optional(ChosenOrderId),
    ...(KINDS[kind].params.properties as Type.TProperties),
  };
  return Type.Object(properties, { ...strict, description: KINDS[kind].description });
}

/** `FundLoanOrder`, …: the request of each visible kind, by the name that it has in the OpenAPI document. */
export const ORDER_REQUESTS: ReadonlyMap<KindName, { name: string; schema: Type.TObject }> = new Map(
  ORDER_KINDS.map((kind) => {
    const words = kind.split('_').map((word) => word[0]?.toUpperCase() + word.slice(1));
    return [kind, { name: `${words.join('')}Order`, schema: requestOf(kind) }];
  }),
);

/** One of the visible kinds, told apart by `kind`. */
export const OrderRequest = {
  oneOf: [...ORDER_REQUESTS.values()].map(({ schema }) => schema),
  discriminator: {
    propertyName: 'kind',
    mapping: Object.fromEntries([...ORDER_REQUESTS].map(([kind, { name }]) => [kind, `#/components/schemas/${name}`])),
  },
  description: 'An order: its kind, an id where the client wants to choose it, and the parameters of the kind.',
};

/** What the edge itself asks of an order; intake validates the parameters by kind, once. */
export const OrderShape = Type.Object({ kind: Type.String({ maxLength: 64 }), id: Type.Optional(OrderId) });

export const OrderBatch = Type.Object(
  { orders: Type.Array(OrderRequest, { minItems: 1, maxItems: BATCH_ORDERS_MAX }) },
  { ...strict, description: 'Orders, each decided for itself.' },
);

/** As loose as it can be: a bad item is that item's problem. */
export const OrderBatchShape = Type.Object(
  { orders: Type.Array(Type.Unknown(), { minItems: 1, maxItems: BATCH_ORDERS_MAX }) },
  strict,
);

export const OrderBatchAnswer = Type.Object(
  {
    results: Type.Array(
      Type.Union([
        Type.Object(
          { status: Type.Integer({ description: '201, or 202 where the order is pending.' }), order: Order },
          strict,
        ),
        Type.Object({ status: Type.Integer({ minimum: 400, maximum: 599 }), problem: Problem }, strict),
      ]),
    ),
  },
  { ...strict, description: 'One result for each order, in their order.' },
);

export const Preview = Type.Object(
  {
    status: OrderStatusName,
    reason: ReasonName,
    result: AnyObject(),
    postings: Type.Array(
      Type.Object({ debit: Side, credit: Side, asset: Type.String(), amount: Decimal, reason: Type.String() }, strict),
    ),
    balances: Type.Array(
      Type.Object(
        {
          account: Type.String(),
          purpose: Type.String(),
          asset: Type.String(),
          balance: Decimal,
          held: Decimal,
          available: Decimal,
        },
        strict,
      ),
    ),
    events: Type.Array(Type.Object({ type: Type.String(), subject: Type.String(), data: AnyObject() }, strict)),
  },
  { ...strict, description: 'What the order would do now. Nothing was changed.' },
);

/** The query of `GET /v1/orders`. */
export const ListOrders = Type.Object(
  {
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
    kind: Type.Optional(Type.Enum(ORDER_KINDS)),
    status: Type.Optional(OrderStatusName),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Placed at this time or later.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Placed before this time.' })),
    user_id: Type.Optional(UserId),
    everybody: Type.Optional(
      Type.Boolean({ default: false, description: 'Operators: the orders of all users. Not with `user_id`.' }),
    ),
  },
  strict,
);

export const OrderEvents = Type.Object(
  { data: Type.Array(EventEnvelope, { description: 'In the order in which they happened.' }) },
  strict,
);
