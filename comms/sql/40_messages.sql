-- Search in messages. Reviewed: @@ is not leakproof, so under a policy the index of words would not be used; here the
-- tenant's predicate stands in the query. Who may see what it finds is asked afterwards (comms/visibility.py).

drop function if exists messages_found(text[], bigint, bigint, integer, integer);

-- The `few` newest messages in which each word occurs, or a longer one that begins with it. words: folded, letters and
-- digits only. Of a colleague's own mailbox only what its owner shares whole, so that its words cannot be guessed.
create or replace function messages_found(words text[], reader bigint, few integer)
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
        select m.id, m.at, m.author_id, m.channel_id, m.sole_reader_id from comms_message m
        where m.tenant_id = tenant and m.search @@ wanted
        order by m.at desc, m.id desc limit few
    )
    select hit.id from hit
    left join comms_channel c on c.tenant_id = tenant and c.id = hit.channel_id
    where (hit.sole_reader_id is null or hit.sole_reader_id = reader)
      and (c.owner_id is null or c.owner_id = reader or c.sharing in ('full', 'private') or hit.author_id = reader)
    order by hit.at desc, hit.id desc;
end
$$;
