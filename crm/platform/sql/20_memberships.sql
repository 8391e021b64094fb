-- Where a user may go, before any tenant is known. Reviewed: returns only the asked user's own places.
create or replace function memberships_of(asked bigint)
returns table (tenant_id bigint, slug text, name text, suspended boolean, config_version integer,
               brand_hue smallint, member_id bigint)
language sql stable security definer parallel safe set search_path = public, pg_temp as $$
    select tenant.id, tenant.slug, tenant.name, tenant.suspended_at is not null, tenant.config_version,
           tenant.brand_hue::smallint, member.id
    from platform_member member join platform_tenant tenant on tenant.id = member.tenant_id
    where member.user_id = asked and member.active
    order by tenant.name
$$;
revoke execute on function memberships_of(bigint) from public;
