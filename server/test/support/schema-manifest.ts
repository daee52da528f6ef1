import type pg from 'pg';

/** Every kind of relation that holds or shows rows. */
const TABLES = `
select c.oid, case when c.relkind in ('v', 'm') then 'view ' else 'table ' end || c.relname as name, coalesce(array_to_string(c.reloptions, ', '), '') as options
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by c.relname`;

// Since PostgreSQL 18 `not null` is a constraint with a name; as part of the column it reads the same in every version.
const LINES = `
select a.attrelid as oid, 1 as part, lpad(a.attnum::text, 4, '0') as place,
  format('%s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
    coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attnum > 0 and not a.attisdropped and a.attrelid = any ($1::oid[])
union all
select conrelid, 2, conname, format('constraint %s %s', conname, pg_get_constraintdef(oid))
from pg_constraint where contype <> 'n' and conrelid = any ($1::oid[])
union all
select i.indrelid, 3, c.relname, pg_get_indexdef(i.indexrelid)
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = any ($1::oid[]) and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
union all
select tgrelid, 4, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal and tgrelid = any ($1::oid[])
union all
select oid, 5, '', trim(pg_get_viewdef(oid)) from pg_class where relkind = 'v' and oid = any ($1::oid[])
order by 1, 2, 3`;

const FUNCTIONS = `
select pg_get_functiondef(oid) as definition from pg_proc
where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
order by proname, pg_get_function_identity_arguments(oid)`;

/**
 * The schema of a migrated database as text that can be read in a review: each table with its columns, constraints,
 * indexes and triggers, each view with its query, then the functions.
 */
export async function describeSchema(pool: pg.Pool): Promise<string> {
  const { rows: tables } = await pool.query<{ oid: number; name: string; options: string }>(TABLES);
  const { rows: lines } = await pool.query<{ oid: number; line: string }>(LINES, [tables.map((table) => table.oid)]);
  const { rows: functions } = await pool.query<{ definition: string }>(FUNCTIONS);
  const parts = tables.map(({ oid, name, options }) => {
    const own = lines.filter((line) => line.oid === oid).map(({ line }) => `  ${line}`);
    return [`${name}${options && ` (${options})`}`, ...own].join('\n');
  });
  return `${[...parts, ...functions.map(({ definition }) => definition.trim())].join('\n\n')}\n`;
}
