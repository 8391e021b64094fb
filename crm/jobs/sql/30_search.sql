-- The one search box. Reviewed: LIKE is not leakproof, so under a policy it would read the whole table
-- (docs/rules.md#tenancy); here the tenant's predicate stands in every branch, and the viewer's scope is passed in.

-- What a text may mean, whoever's it is: people, companies and sites, of each way in which one can be meant `few`.
-- words: longest first, each of them must occur.
create or replace function search_candidates(
    words text[], term text, contact text, phones text[], claim_hash text, few integer)
returns table (person_id bigint, company_id bigint, site_id bigint, why text, rank integer)
language plpgsql stable security definer parallel safe rows 100
set search_path = public, pg_temp
set plan_cache_mode = 'force_custom_plan' as $$
#variable_conflict use_column
declare
    tenant bigint := app_tenant_id();
    patterns text[] := array(
        select '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
        from unnest(words) with ordinality given(word, nth) order by nth);
    -- The index finds several words together, but only as conditions of their own; two letters make no trigram.
    long text[] := array(select pattern from unnest(patterns) with ordinality given(pattern, nth)
                         where length(words[nth]) >= 3 order by nth);
    one text := patterns[1];
    -- Null where there is no such word: its condition is then folded away, for a double one is looked up twice.
    two text := long[2];
    three text := long[3];
    contact_pattern text := '%' || replace(replace(replace(contact, '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
    return query
    (select person_id, null::bigint, null::bigint, 'contact', 1 from people_contactpoint
     where tenant_id = tenant and cardinality(phones) > 0 and kind = 'phone' and value = any (phones) limit few)
    union all
    (select person_id, null, null, 'contact', 2
     from people_contactpoint where tenant_id = tenant and contact <> '' and value like contact_pattern limit few)
    union all
    (select null, null, site_id, 'claim', 1
     from people_claim where tenant_id = tenant and number_hash = claim_hash limit few)
    union all
    (select id, null, null, 'name', 2 from people_person
     where tenant_id = tenant and term <> '' and name_key >= term and name_key < term || U&'\+10FFFF' limit few)
    union all
    (select null, id, null, 'company', 2 from people_company
     where tenant_id = tenant and term <> '' and name_key >= term and name_key < term || U&'\+10FFFF' limit few)
    union all
    (select id, null, null, 'name', 3 from people_person
     where tenant_id = tenant and name_key like one and (two is null or name_key like two)
         and (three is null or name_key like three) and name_key like all (patterns) limit few)
    union all
    (select null, id, null, 'company', 3 from people_company
     where tenant_id = tenant and name_key like one and (two is null or name_key like two)
         and (three is null or name_key like three) and name_key like all (patterns) limit few)
    union all
    (select null, null, id, 'address', 4 from people_property
     where tenant_id = tenant and address_key like one and (two is null or address_key like two)
         and (three is null or address_key like three) and address_key like all (patterns) limit few);
end
$$;

-- The jobs of these, and the one of that number, best first. viewer null: sees all of the tenant's jobs.
-- Its plan is the same whatever was typed.
create or replace function search_jobs(
    words text[], term text, contact text, phones text[], claim_hash text, few integer,
    wanted bigint, viewer bigint, most integer)
returns table (job_id bigint, why text)
language plpgsql stable security definer parallel safe
set search_path = public, pg_temp
set plan_cache_mode = 'force_generic_plan' as $$
declare
    tenant bigint := app_tenant_id();
begin
    return query
    with hit as materialized (
        select * from search_candidates(words, term, contact, phones, claim_hash, few)
    ), found(id, reason, rank, level, sort_at, member_id) as (
        select job.id, 'number', 0, job.level, job.sort_at, job.member_id
        from jobs_job job where job.tenant_id = tenant and job.number = wanted
        union all
        select job.id, hit.why, hit.rank, job.level, job.sort_at, job.member_id from hit
        join jobs_job job on job.tenant_id = tenant and job.person_id = hit.person_id
        union all
        select job.id, hit.why, hit.rank, job.level, job.sort_at, job.member_id from hit
        join jobs_job job on job.tenant_id = tenant and job.company_id = hit.company_id
        union all
        select job.id, hit.why, hit.rank, job.level, job.sort_at, job.member_id from hit
        join jobs_job job on job.tenant_id = tenant and job.site_id = hit.site_id
    ), best as (
        select distinct on (found.id) * from found order by found.id, found.rank
    )
    select best.id, best.reason from best
    where viewer is null or best.member_id = viewer or best.member_id is null
    order by best.rank, best.level, best.sort_at, best.id limit most;
end
$$;
