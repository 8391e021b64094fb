-- The one search box. Reviewed: LIKE is not leakproof, so under a policy it would read the whole table
-- (TENANCY.md); here the tenant's predicate stands in every branch, and the viewer's scope is passed in.
-- words: longest first, each of them must occur; viewer null: sees all of the tenant's jobs.
create or replace function search_jobs(
    words text[], term text, contact text, phones text[], claim_hash text, wanted bigint, viewer bigint, most integer)
returns table (job_id bigint, why text)
language plpgsql stable security definer parallel safe
set search_path = public, pg_temp
set plan_cache_mode = 'force_custom_plan' as $$
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
    -- Of many hits a rep may see few: more candidates for a viewer than for one who sees all.
    few constant integer := case when viewer is null then 200 else 1000 end;
begin
    return query
    with hit(person_id, company_id, property_id, found_id, reason, rank) as (
        select null::bigint, null::bigint, null::bigint, id, 'number', 0
        from jobs_job where tenant_id = tenant and number = wanted
        union all
        (select person_id, null, null, null, 'contact', 1
         from people_contactpoint where tenant_id = tenant and kind = 'phone' and value = any (phones) limit few)
        union all
        (select person_id, null, null, null, 'contact', 2
         from people_contactpoint where tenant_id = tenant and contact <> '' and value like contact_pattern limit few)
        union all
        (select null, null, site_id, null, 'claim', 1
         from people_claim where tenant_id = tenant and number_hash = claim_hash limit few)
        union all
        (select id, null, null, null, 'name', 2 from people_person
         where tenant_id = tenant and term <> '' and name_key >= term and name_key < term || U&'\+10FFFF' limit few)
        union all
        (select null, id, null, null, 'company', 2 from people_company
         where tenant_id = tenant and term <> '' and name_key >= term and name_key < term || U&'\+10FFFF' limit few)
        union all
        (select id, null, null, null, 'name', 3 from people_person
         where tenant_id = tenant and name_key like one and (two is null or name_key like two)
             and (three is null or name_key like three) and name_key like all (patterns) limit few)
        union all
        (select null, id, null, null, 'company', 3 from people_company
         where tenant_id = tenant and name_key like one and (two is null or name_key like two)
             and (three is null or name_key like three) and name_key like all (patterns) limit few)
        union all
        (select null, null, id, null, 'address', 4 from people_property
         where tenant_id = tenant and address_key like one and (two is null or address_key like two)
             and (three is null or address_key like three) and address_key like all (patterns) limit few)
    ), found(id, reason, rank) as (
        select found_id, reason, rank from hit where found_id is not null
        union all
        select job.id, reason, rank from hit
        join jobs_job job on job.tenant_id = tenant and job.person_id = hit.person_id where hit.person_id is not null
        union all
        select job.id, reason, rank from hit
        join jobs_job job on job.tenant_id = tenant and job.company_id = hit.company_id where hit.company_id is not null
        union all
        select job.id, reason, rank from hit
        join jobs_job job on job.tenant_id = tenant and job.site_id = hit.property_id
        where hit.property_id is not null
    ), best(id, reason, rank) as (
        select distinct on (found.id) found.id, found.reason, found.rank from found order by found.id, found.rank
    )
    select job.id, best.reason from best join jobs_job job on job.tenant_id = tenant and job.id = best.id
    where viewer is null or job.member_id = viewer or job.member_id is null
    order by best.rank, job.level, job.jump_at, job.id limit most;
end
$$;
