-- What one unit costs, measured on an installation with data (docs/capacity.md). Run as crm_owner:
--   psql "$MIGRATION_DATABASE_URL" -f bench/capacity.sql
-- It writes only inside a transaction that it rolls back.
\set ON_ERROR_STOP on
\pset footer off
\echo 'Bytes a row, with indexes and long values, of the tables with most rows'
analyze;
select c.relname as table, c.reltuples::bigint as rows,
    round(pg_relation_size(c.oid) / c.reltuples) as heap,
    round(pg_indexes_size(c.oid) / c.reltuples) as indexes,
    round((pg_total_relation_size(c.oid) - pg_relation_size(c.oid) - pg_indexes_size(c.oid)) / c.reltuples) as other,
    round(pg_total_relation_size(c.oid) / c.reltuples) as total
from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reltuples > 400
order by pg_total_relation_size(c.oid) desc limit 30;

\echo 'Rows for each lead'
select (select count(*) from jobs_job) as leads,
    round((select count(*) from comms_message)::numeric / (select count(*) from jobs_job), 2) as messages,
    round((select count(*) from platform_event)::numeric / (select count(*) from jobs_job), 2) as events,
    round(pg_database_size(current_database())::numeric / (select count(*) from jobs_job)) as bytes_of_all;

\echo 'Rows a second: 100,000 events and 100,000 entries of the access log, with all indexes'
begin;
\timing on
insert into platform_event (tenant_id, at, kind, subject_kind, subject_id, job_id, data)
    select (select min(id) from platform_tenant), now(), 'job.moved', 'jobs.job', n / 20, n / 20, '{"to": 3, "from": 2}'
    from generate_series(1, 100000) n;
insert into platform_accesslog (tenant_id, member_id, subject_kind, subject_id, at, hour)
    select tenant_id, id, 'jobs.job', n, now(), date_trunc('hour', now())
    from generate_series(1, 100000) n, (select tenant_id, id from platform_member order by id limit 1) m;
\timing off
rollback;
