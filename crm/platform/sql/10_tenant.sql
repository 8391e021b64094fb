-- The tenant of this transaction. Loud: silent emptiness was the worst bug to find (docs/rules.md#tenancy).
create or replace function app_tenant_id() returns bigint
language plpgsql stable parallel safe as $$
declare
    setting text := current_setting('app.tenant_id', true);
begin
    if setting is null or setting = '' then
        raise exception 'no tenant: wrap this in use_tenant(...)' using errcode = 'insufficient_privilege';
    end if;
    return setting::bigint;
end
$$;
