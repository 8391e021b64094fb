-- Search in messages. Reviewed: @@ is not leakproof, so under a policy the index of words would not be used; here the
-- tenant's predicate stands in the query, and the viewer's scope is passed in.

-- The newest messages in which each word occurs, or a longer one that begins with it, of those the member may see and
-- read whole. words: folded, letters and digits only. viewer null: sees the messages of all jobs.
-- Of very many only the newest `few` are looked through for what the member may see.
create or replace function messages_found(words text[], viewer bigint, reader bigint, few integer, most integer)
returns table (message_id bigint)
language plpgsql stable security definer parallel safe
set search_path = public, pg_temp
set plan_cache_mode = 'force_custom_plan' as $$
declare
    tenant bigint := app_tenant_id();
    wanted tsquery := (select string_agg('''' || word || ''':*', ' & ') from unnest(words) word)::tsquery;
begin
    return query
    with hit as materialized (
        select m.id, m.at, m.job_id, m.person_id, m.author_id, m.channel_id from comms_message m
        where m.tenant_id = tenant and m.search @@ wanted
        order by m.at desc, m.id desc limit few
    )
    select hit.id from hit
    left join comms_channel c on c.tenant_id = tenant and c.id = hit.channel_id
    where (c.owner_id is null or c.owner_id = reader or c.sharing = 'full' or hit.author_id = reader)
        and (viewer is null or hit.author_id = reader
             or exists (select from jobs_job j where j.tenant_id = tenant and j.id = hit.job_id
                        and (j.member_id = viewer or j.member_id is null))
             or (hit.job_id is null
                 and (exists (select from jobs_job j where j.tenant_id = tenant and j.person_id = hit.person_id
                              and (j.member_id = viewer or j.member_id is null))
                      or not exists (select from jobs_job j
                                     where j.tenant_id = tenant and j.person_id = hit.person_id))))
    order by hit.at desc, hit.id desc limit most;
end
$$;
