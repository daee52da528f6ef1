-- What an asset is, since only money comes in from outside and goes there: a currency, an instrument that is traded, or a note, which
-- stands for a claim that a desk has made an asset of its own for.
alter table assets add column class text check (class in ('currency', 'instrument', 'note'));
update assets set class = case when strpos(code, ':') > 0 then 'note' else 'currency' end;
alter table assets alter column class set not null;
