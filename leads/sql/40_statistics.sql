-- Look at the tables an import fills, once it has added four times the jobs the planner knows of. Reviewed: takes a number,
-- tells nothing. Without it the first import into an empty database is planned for empty tables: each key check walks
-- a whole tenant, 1 ms a lead at 10,000 and growing (docs/import.md). Autovacuum does the same, a minute too late.
create or replace function freshen_statistics(added bigint) returns void
language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if (select greatest(reltuples, 0) from pg_class where oid = 'jobs_job'::regclass) * 4 <= added then
        analyze people_person, people_contactpoint, people_property, people_company,
            jobs_job, jobs_stagevisit, jobs_jobparty, jobs_note, leads_lead, platform_event, platform_due;
    end if;
end $$;
