import { type FoundName, ID_PREFIXES, SEARCH_RESULTS_MAX, type SearchResultView } from '@millrace/contract';
import { searchTerm } from '@millrace/contract/search-text';
import type pg from 'pg';
import { formatId } from '../core/ids.ts';
import { DESKS } from '../desks/index.ts';
import type { DeskModule } from '../desks/module.ts';
import type { FoundThings } from '../desks/read-models.ts';
import { type IdSearch, parseIdSearch } from './id-search.ts';
import { ofUsers } from '../ledger/index.ts';
import { ownerName } from './owner-names.ts';
import { matchesUser, TEXT_SCAN_MAX } from './users.ts';

/** For operators: its callers have asked whether the reader is one. */
export interface SearchQueries {
  /** At most 20: what an id or its beginning names first, then users and the desks' things by text, newest first. */
  find(text: string): Promise<SearchResultView[]>;
}

interface Found {
  id: string;
  title: string;
  subtitle: string;
}

type FoundKind = SearchResultView['type'];

const DESK_THINGS = DESKS.flatMap(({ found = {} }: DeskModule) => Object.entries(found) as [FoundName, FoundThings][]);

/** Each reads a range of the primary key, and stops at what is shown. */
const BY_ID = new Map<FoundKind, string>([
  [
    'user',
    `select id, email as title, name || ' · ' || role as subtitle
from users where id >= $1::uuid and id <= $2::uuid order by id desc limit $3::integer`,
  ],
  [
    'order',
    `select o.id, o.kind || ' · ' || o.status as title, coalesce(u.email, 'Millrace') as subtitle
from (select * from orders where id >= $1::uuid and id <= $2::uuid order by id desc limit $3::integer) as o
left join users u on u.id = o.user_id order by o.id desc`,
  ],
  ...DESK_THINGS.flatMap(([kind, { byId }]) => (byId === undefined ? [] : [[kind, byId] as const])),
  [
    'account',
    `select a.id, a.purpose || ' · ' || a.asset as title,
  coalesce(u.email, a.owner_id::text || ' ' || a.purpose) as subtitle
from (
  select distinct coalesce(part.account_id, known.id) as id
  from (select id from accounts where id >= $1::uuid and id <= $2::uuid order by id limit $3::integer) as known
  left join account_parts part on part.id = known.id
) as found join accounts a on a.id = found.id
left join users u on u.id = a.owner_id and ${ofUsers('a')} order by a.id`,
  ],
]);

const PREFIXES: Readonly<Partial<Record<string, string>>> = ID_PREFIXES;
/** The kind that an id with this prefix is of, where it can be found. */
const kindOf = (prefix: string): FoundKind | undefined => [...BY_ID.keys()].find((kind) => PREFIXES[kind] === prefix);

/** What only leads to something else: a key to its user, a dead letter to its order. */
const LEADS: Readonly<Partial<Record<string, { kind: FoundKind; sql: string }>>> = {
  key: {
    kind: 'user',
    sql: 'select user_id as id from api_keys where id >= $1::uuid and id <= $2::uuid limit $3::integer',
  },
  dl: {
    kind: 'order',
    sql: 'select order_id as id from dead_letters where id >= $1::uuid and id <= $2::uuid limit $3::integer',
  },
};

const BY_TEXT: readonly (readonly [kind: FoundKind, sql: string])[] = [
  [
    'user',
    `select u.id, u.email as title, u.name || ' · ' || u.role as subtitle
from (select * from users order by id desc limit ${TEXT_SCAN_MAX}) as u
where ${matchesUser('$1::text')} order by u.id desc limit $2::integer`,
  ],
  ...DESK_THINGS.flatMap(([kind, { byText }]) => (byText === undefined ? [] : [[kind, byText] as const])),
];

/** `trf_0-12` and `0-12`: an entry of a log, which leads to the order that made it. */
const LOG_ENTRY = /^(?:(trf)_|evt_)?(\d{1,5})-(\d{1,15})$/;

const ORDER_OF: Readonly<Record<'transfers' | 'events', string>> = {
  transfers: 'select order_id as id from transfers where shard = $1::integer and seq = $2::bigint',
  events: 'select order_id as id from events where shard = $1::integer and seq = $2::bigint and order_id is not null',
};

export function createSearchQueries({ pool }: { pool: pg.Pool }): SearchQueries {
  async function byId(kind: FoundKind, from: string, to: string): Promise<SearchResultView[]> {
    const { rows } = await pool.query<Found>(BY_ID.get(kind) as string, [from, to, SEARCH_RESULTS_MAX]);
    return rows.map((row) => toResult(kind, row));
  }

  async function leadTo(kind: FoundKind, sql: string, parameters: readonly unknown[]): Promise<SearchResultView[]> {
    const { rows } = await pool.query<{ id: string }>(sql, [...parameters]);
    const ids = [...new Set(rows.map(({ id }) => id))];
    return (await Promise.all(ids.map((id) => byId(kind, id, id)))).flat();
  }

  async function ofId({ prefix, from, to }: IdSearch): Promise<SearchResultView[]> {
    const lead = prefix === undefined ? undefined : LEADS[prefix];
    if (lead) return leadTo(lead.kind, lead.sql, [from, to, SEARCH_RESULTS_MAX]);
    const only = prefix === undefined ? undefined : kindOf(prefix);
    if (prefix !== undefined && only === undefined) return [];
    const kinds = only ? [only] : [...BY_ID.keys()];
    return (await Promise.all(kinds.map((kind) => byId(kind, from, to)))).flat();
  }

  async function ofText(text: string): Promise<SearchResultView[]> {
    const parameters = [searchTerm(text), SEARCH_RESULTS_MAX];
    const lists = await Promise.all(
      BY_TEXT.map(async ([kind, sql]) =>
        (await pool.query<Found>(sql, parameters)).rows.map((row) => toResult(kind, row)),
      ),
    );
    return shared(lists, SEARCH_RESULTS_MAX);
  }

  return {
    async find(text) {
      const term = text.trim();
      if (term === '') return [];
      const entry = LOG_ENTRY.exec(term.toLowerCase());
      const led = entry ? await leadTo('order', ORDER_OF[entry[1] ? 'transfers' : 'events'], [entry[2], entry[3]]) : [];
      if (led.length > 0) return led;
      const id = parseIdSearch(term);
      const found = id ? await ofId(id) : [];
      if (id?.prefix === undefined && found.length < SEARCH_RESULTS_MAX) found.push(...(await ofText(term)));
      return [...new Map(found.map((one) => [one.id, one])).values()].slice(0, SEARCH_RESULTS_MAX);
    },
  };
}

/** The first of each list, as many of each where all have many; what one leaves over is for the others. */
function shared<Item>(lists: readonly (readonly Item[])[], max: number): Item[] {
  const taken = lists.map(() => 0);
  for (let turn = 0, left = Math.min(max, lists.flat().length); left > 0; turn += 1) {
    const index = turn % lists.length;
    if ((taken[index] as number) === lists[index]?.length) continue;
    taken[index] = (taken[index] as number) + 1;
    left -= 1;
  }
  return lists.flatMap((list, index) => list.slice(0, taken[index]));
}

function toResult(kind: FoundKind, { id, title, subtitle }: Found): SearchResultView {
  // What has no prefix is named as it is: a symbol.
  const isPrefixed = PREFIXES[kind] !== undefined;
  return { type: kind, id: isPrefixed ? formatId(kind, id) : id, title, subtitle: readable(kind, subtitle) };
}

/** The owner of an account that is no user's comes as id and purpose. */
function readable(kind: FoundKind, subtitle: string): string {
  const [ownerId, purpose] = subtitle.split(' ');
  const isOwner = kind === 'account' && /^[0-9a-f-]{36}$/.test(ownerId ?? '') && purpose !== undefined;
  return isOwner ? ownerName(ownerId as string, purpose) : subtitle;
}
