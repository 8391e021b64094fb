-- The practice organization of the tenant in use: the app's login may not insert or delete tenants. Reviewed: each
-- function acts on the practice organization of that tenant alone, and a practice organization can't have one.
create or replace function create_practice_organization(practice_name text, made timestamptz) returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    practice bigint;
begin
    insert into platform_tenant (
        slug, name, country, time_zone, language, currency, brand_hue, warn_percent, far_percent, default_ours,
        default_theirs, config_version, requires_second_factor, created_at, practice_of_id
    )
    select slug || '-sandbox', practice_name, country, time_zone, language, currency, brand_hue, warn_percent,
        far_percent, default_ours, default_theirs, 1, requires_second_factor, made, id
    from platform_tenant where id = app_tenant_id() and practice_of_id is null
    returning id into practice;
    return practice;
end
$$;
-- Deletes the rows of these tables, in this order, and then the tenant. A table without a tenant is an error.
create or replace function delete_practice_organization(tables text[]) returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    practice bigint;
    one text;
begin
    select id into practice from platform_tenant where practice_of_id = app_tenant_id();
    if practice is not null then
        foreach one in array tables loop
            execute format('delete from %I where tenant_id = $1', one) using practice;
        end loop;
        delete from platform_tenant where id = practice;
    end if;
    return practice;
end
$$;
revoke execute on function create_practice_organization(text, timestamptz) from public;
revoke execute on function delete_practice_organization(text[]) from public;
