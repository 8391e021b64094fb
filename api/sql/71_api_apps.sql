-- Which tenant an app belongs to that names itself at the token endpoint, before any tenant is known. Reviewed: returns
-- only the places of the app whose id is asked for, if it was not removed and its tenant is not suspended.
create or replace function api_app_of(asked text)
returns table (app_id bigint, tenant_id bigint, config_version integer)
language sql stable security definer parallel safe set search_path = public, pg_temp as $$
    select app.id, tenant.id, tenant.config_version
    from api_apiapp app
    join platform_tenant tenant on tenant.id = app.tenant_id
    where app.client_id = asked and app.removed_at is null and tenant.suspended_at is null
$$;
revoke execute on function api_app_of(text) from public;
